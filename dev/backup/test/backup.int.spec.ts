import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '#platform/ids.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '#platform/testing/index.ts';
import { readConsumers } from '../../artefacts/eventConsumers.ts';
import { type SubgraphName, subgraphs } from '../../subgraphs.ts';
import { connectTo } from '../databases.ts';
import { readManifest } from '../manifest.ts';
import { raiseVersions, restoredVersion, versionedTablesOf } from '../raiseVersions.ts';
import { restoreBackup } from '../restoreBackup.ts';
import { takeBackup } from '../takeBackup.ts';

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-backup-'));
const backup = join(folder, 'backup');
const [projectId, taskId, workspaceId, userId] = [newId(), newId(), newId(), newId()];
const open: TestDatabase[] = [];
let tasks: TestDatabase;
let comments: TestDatabase;

/** Asks on a connection of its own, which is closed afterwards: a restore refuses while somebody is connected. */
async function ask<Row>(database: TestDatabase, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = await connectTo(database.url);
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function keep(database: Promise<TestDatabase>): Promise<TestDatabase> {
  open.push(await database);
  return database;
}

async function addEvent(database: TestDatabase, event: { id?: string; version: number; name: string; title: string }) {
  await ask(
    database,
    `insert into backbone.event (id, aggregate, aggregate_id, version, type, time, actor_id, data, changes)
     values ($1, 'task', $2, $3, $4, now(), $5, $6, '{"title": {"from": "a\\tb", "to": "c\\nd"}}')`,
    [
      event.id ?? newId(),
      taskId,
      event.version,
      `tasks.task.${event.name}.v1`,
      userId,
      { task: { title: event.title } },
    ],
  );
}

const restore = (database: TestDatabase, more: { from?: string; replace?: boolean } = {}) =>
  restoreBackup({
    folder: more.from ?? backup,
    databases: new Map([['tasks', database.url]]),
    only: ['tasks'],
    ...more,
  });

beforeAll(async () => {
  tasks = await keep(testDatabase('tasks'));
  comments = await keep(testDatabase('comments'));
  await ask(
    tasks,
    `insert into project (id, workspace_id, key, name, creator_id, created_at) values ($1, $2, 'WEB', E'Web\\t\\\\ \\n site', $3, now())`,
    [projectId, workspaceId, userId],
  );
  await ask(
    tasks,
    `insert into task (id, workspace_id, project_id, number, title, status, creator_id, version, created_at, updated_at)
     values ($1, $2, $3, 1, 'New', 'TODO', $4, 3, now(), now())`,
    [taskId, workspaceId, projectId, userId],
  );
  // A month that was prepared long ago, and one that never was.
  await ask(
    tasks,
    `create table backbone.event_2026_03 partition of backbone.event
     for values from (backbone_uuid('2026-03-01')) to (backbone_uuid('2026-04-01'))`.replaceAll(
      /backbone_uuid\('([\d-]+)'\)/g,
      (_match, date) => `'${uuidAt(date)}'`,
    ),
  );
  await addEvent(tasks, { id: uuidAt('2026-03-05', 1), version: 1, name: 'created', title: 'Old' });
  await addEvent(tasks, { id: uuidAt('2026-02-05', 1), version: 2, name: 'updated', title: 'Newer' });
  await addEvent(tasks, { version: 3, name: 'updated', title: 'New' });
  await ask(tasks, `insert into backbone.inbox (consumer, event_id) values ('tasks-on-it', $1)`, [newId()]);
  await ask(
    tasks,
    `insert into backbone.consumer (name, kind, stream, projection) values ('tasks-on-it', 'state', 'users', 'membership')`,
  );
  await takeBackup({
    folder: backup,
    databases: new Map<SubgraphName, string>([
      ['tasks', tasks.url],
      ['comments', comments.url],
    ]),
  });
}, 30_000);
afterAll(async () => {
  for (const database of open) await database.drop();
  rmSync(folder, { recursive: true });
});

/** The smallest id of a day, or a version 7 id of it. */
function uuidAt(day: string, random = 0): string {
  const time = new Date(`${day}T00:00:00Z`).getTime().toString(16).padStart(12, '0');
  const rest = random ? '7000-8000-00000000000' : '0000-0000-00000000000';
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest}${random}`;
}

describe('a backup', () => {
  it('comes back as it was, in an empty database, with the partitions of its months', async () => {
    const target = await keep(emptyDatabase('tasks'));
    const [restored] = await restore(target);
    expect(restored).toMatchObject({ name: 'tasks', restated: 2 });
    for (const sql of [
      'select id, workspace_id, key, name, creator_id, last_task_number, created_at from project',
      'select id, title, status, number, updated_at from task',
      'select * from backbone.event where not restated order by id',
      'select tableoid::regclass::text, id from backbone.event where not restated order by id',
      'select * from backbone.inbox',
      'select migration_name, checksum from _prisma_migrations order by 1',
    ]) {
      expect([sql, await ask(target, sql)]).toEqual([sql, await ask(tasks, sql)]);
    }
  });

  it('is not written into a folder with something in it', async () => {
    await expect(takeBackup({ folder: backup, databases: new Map([['tasks', tasks.url]]) })).rejects.toThrow(
      'not empty',
    );
  });
});

describe('a restored database', () => {
  it('continues every aggregate at one version above all, and says anew what it is like', async () => {
    const target = await keep(testDatabase('tasks'));
    const [restored] = await restore(target);
    const version = restored?.version as number;
    expect(version).toBeGreaterThan(20_000_000);
    expect(await ask(target, 'select version from task union select version from project')).toEqual([{ version }]);
    const restated = await ask(
      target,
      `select type, version, data #>> '{task,title}' as title, changes, actor_id,
              event_id is not null as due, substr(id::text, 15, 1) as kind
       from backbone.event left join backbone.outbox on event_id = id where restated order by version`,
    );
    const rest = { changes: {}, actor_id: null, due: true, kind: '7' };
    expect(restated).toEqual([
      { type: 'tasks.task.created.v1', version: version - 1, title: 'Old', ...rest },
      { type: 'tasks.task.updated.v1', version, title: 'New', ...rest },
    ]);
    expect(await ask(target, 'select version, stream_renewed_at from backbone.restore')).toEqual([
      { version, stream_renewed_at: null },
    ]);
    expect(
      await ask(target, 'select name, renew_from from backbone.consumer join backbone.rebuild on consumer = name'),
    ).toEqual([{ name: 'tasks-on-it', renew_from: 0 }]);
  });

  it('continues above what it had before and above what others keep of it, though the clock be wrong', async () => {
    const target = await keep(testDatabase('tasks'));
    await addEvent(target, { version: 1_999_000_000, name: 'updated', title: 'Far' });
    const other = await keep(testDatabase('comments'));
    await ask(
      other,
      `insert into backbone.consumer (name, kind, stream, projection) values ('a-b', 'state', 'tasks', 'task')`,
    );
    const columns = 'id, workspace_id, key, title, creator_id, version';
    await ask(other, `insert into task (${columns}) values ($1, $1, 'A-1', 'A', $1, 2000000000)`, [newId()]);
    const [restored] = await restoreBackup({
      folder: backup,
      databases: new Map<SubgraphName, string>([
        ['tasks', target.url],
        ['comments', other.url],
      ]),
      only: ['tasks'],
      replace: true,
      now: new Date(0),
    });
    expect(restored?.version).toBeGreaterThan(2_000_000_000);
    expect(
      await ask(other, 'select name, renew_from from backbone.consumer join backbone.rebuild on consumer = name'),
    ).toEqual([{ name: 'a-b', renew_from: restored?.version }]);
  });

  it('would rather not be restored than give out versions that are no Int', () => {
    expect(() => restoredVersion(new Date(), [2_147_483_000])).toThrow('Int');
  });
});

describe('a restore is refused, and nothing is written,', () => {
  const titles = (database: TestDatabase) => ask(database, 'select name from project');
  const damaged = (name: string, damage: (copy: string) => void): string => {
    const copy = join(folder, name);
    cpSync(backup, copy, { recursive: true });
    damage(copy);
    return copy;
  };
  const first = 'tasks/public.project.copy.gz';

  it('into a database that is not empty, unless it may be replaced', async () => {
    const target = await keep(testDatabase('tasks'));
    await addEvent(target, { version: 1, name: 'created', title: 'Precious' });
    await expect(restore(target)).rejects.toThrow('--replace');
    expect(await ask(target, 'select count(*)::int as n from backbone.event')).toEqual([{ n: 1 }]);
    await restore(target, { replace: true });
    expect(await ask(target, `select count(*)::int as n from backbone.event where not restated`)).toEqual([{ n: 3 }]);
  });

  it('while somebody is connected', async () => {
    const target = await keep(testDatabase('tasks'));
    const client = await connectTo(target.url);
    await expect(restore(target)).rejects.toThrow('stop the services');
    await client.end();
  });

  it.each([
    [
      'a changed file',
      (copy: string) => {
        const content = readFileSync(join(copy, first));
        content[content.length - 12] = (content[content.length - 12] as number) ^ 1;
        writeFileSync(join(copy, first), content);
      },
      'changed or is damaged',
    ],
    ['a longer file', (copy: string) => appendFileSync(join(copy, first), 'x'), 'bytes, not'],
    ['a missing file', (copy: string) => rmSync(join(copy, first)), 'is missing'],
    ['no manifest', (copy: string) => rmSync(join(copy, 'manifest.json')), 'no complete backup'],
    [
      'a changed manifest',
      (copy: string) => {
        const file = join(copy, 'manifest.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace('"rows": 1', '"rows": 2'));
      },
      'manifest.json was changed',
    ],
    [
      'another format',
      (copy: string) => writeFileSync(join(copy, 'manifest.json'), '{"manifest":{"format":"x"}}'),
      'no backup of the format',
    ],
  ])('from a backup with %s', async (name, damage, reason) => {
    const target = await keep(testDatabase('tasks'));
    await ask(
      target,
      `insert into project (id, workspace_id, key, name, creator_id, created_at) values ($1, $1, 'A1', 'Mine', $1, now())`,
      [newId()],
    );
    const from = damaged(name, damage);
    await expect(restore(target, { from, replace: true })).rejects.toThrow(reason);
    expect(await titles(target)).toEqual([{ name: 'Mine' }]);
  });

  it('for a database that the backup does not have, or that cannot be reached', async () => {
    const databases = new Map<SubgraphName, string>([['users', tasks.url]]);
    await expect(restoreBackup({ folder: backup, databases, only: ['users'] })).rejects.toThrow('no database of users');
    await expect(restoreBackup({ folder: backup, databases: new Map() })).rejects.toThrow('no database for tasks');
  });
});

it('raises the version of a membership that has ended, too: who comes back must not count on from what others have passed', async () => {
  const database = await keep(testDatabase('users'));
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    await client.query(
      'insert into ended_membership values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 2)',
    );
    await raiseVersions(client, 'users', { version: 5_000, takenAt: new Date().toISOString() });
    expect((await client.query('select version from ended_membership')).rows).toEqual([{ version: 5_000 }]);
  } finally {
    await client.end();
  }
}, 30_000);

it('knows what every version in the databases is: of an aggregate, which is raised, or kept of one of another subgraph', async () => {
  expect(Object.keys(readManifest(backup).databases)).toEqual(['tasks', 'comments']);
  const projections = await readConsumers();
  for (const name of subgraphs) {
    const database = await keep(testDatabase(name));
    const tables = await ask<{ name: string }>(
      database,
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'version'`,
    );
    const kept = projections.flatMap((one) =>
      one.subgraph === name && 'projection' in one ? [(one.projection as { table: string }).table] : [],
    );
    const known = [...(await versionedTablesOf(name)), ...kept];
    expect([name, tables.map((table) => table.name).sort()]).toEqual([name, known.sort()]);
  }
}, 30_000);
