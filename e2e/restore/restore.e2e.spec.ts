import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseVariable } from '#dev/backup/databases.ts';
import { subgraphs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createTask, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

const updateTask = `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) {
  ... on UpdateTaskPayload { task { title status version } } ... on UpdateTaskConflict { fields { field base theirs yours } }
} }`;
const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';
const addComment = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
/** Of the task that everything is about. */
let id: string;
beforeAll(async () => {
  system = await startTestSystem();
  team = await startTeam(system);
}, 180_000);
afterAll(() => system?.remove(), 60_000);

/** Runs one of the two commands, with the databases given as an operator gives them. */
async function command(name: 'backup' | 'restore', ...args: string[]): Promise<string> {
  const databases = subgraphs.map((one) => [databaseVariable(one), system.urls.databases[one]]);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', `dev/${name}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ...Object.fromEntries(databases) },
  });
  return stdout;
}

const backup = (name: string) => command('backup', path.join(system.dataDir, name));

/** Stops the subgraphs, restores, and starts them again, those that keep projections first. */
async function restore(name: string, ...args: string[]): Promise<string> {
  await Promise.all(subgraphs.map((one) => system.stopService(one)));
  const said = await command('restore', path.join(system.dataDir, name), '--replace', ...args);
  for (const one of ['comments', 'notifications', 'tasks', 'users'] as const) await system.startService(one);
  return said;
}

const edit = async (input: { version: number; title?: string; status?: string }) =>
  (await team.ada.ask(updateTask, { input: { id, ...input } })).updateTask;
const assign = (title: string) => createTask(team.ada, { projectId: team.projectId, title, assigneeId: team.grace.id });
const titlesTold = async (): Promise<string[]> => {
  const rows = await system.sql<{ title: string }>(
    'notifications',
    'select title from notification where recipient_id = $1 order by sequence',
    [team.grace.id],
  );
  return rows.map(({ title }) => title);
};
const told = (expected: string[]) =>
  waitFor(
    async () => {
      const titles = await titlesTold();
      return (
        titles.length === expected.length && titles.every((title, index) => title.includes(expected[index] as string))
      );
    },
    { timeoutMs: 40_000 },
  );
/** The tasks as comments knows them: titles, the newest version first. */
const known = async () =>
  system.sql<{ title: string; version: number }>(
    'comments',
    'select title, version from task order by version desc, title',
  );
const follows = (title: string, others: string[] = []) =>
  waitFor(
    async () => {
      const tasks = (await known()).map((task) => task.title).sort();
      return tasks.join() === [title, ...others].sort().join();
    },
    { timeoutMs: 40_000 },
  );
const settled = () =>
  waitFor(
    async () => {
      for (const name of subgraphs) {
        const [left] = await system.sql<{ n: number }>(
          name,
          `select ((select count(*) from backbone.outbox) + (select count(*) from backbone.rebuild)
            + (select count(*) from backbone.consumer where renew_from is not null))::int as n`,
        );
        if (left?.n !== 0) return false;
      }
      return true;
    },
    { timeoutMs: 60_000 },
  );

describe('a restore', () => {
  it('of everything brings the moment of the backup back everywhere, and life goes on from there', async () => {
    ({ id } = await assign('First'));
    await edit({ version: 1, title: 'Second' });
    await told(['First']);
    await follows('Second');
    await backup('all');

    for (let version = 2; version < 7; version++) await edit({ version, title: `Lost ${version}` });
    await assign('Undone');
    await team.ada.ask(addMember, { input: { workspaceId: team.workspaceId, email: team.mallory.email } });
    await told(['First', 'Undone']);
    await follows('Lost 6', ['Undone']);
    const members = `membership where user_id = '${team.mallory.id}'`;
    await waitFor(async () => (await system.sql('comments', `select from ${members}`)).length === 1);

    const said = await restore('all');
    expect(said).toContain('versions go on at');
    await settled();
    await follows('Second');
    expect(await titlesTold()).toEqual([expect.stringContaining('First')]);
    for (const name of subgraphs) expect(await system.sql(name, `select from ${members}`)).toEqual([]);
    const [{ version } = { version: 0 }] = await known();
    expect(version).toBeGreaterThan(7);

    // Who saw the backup's version merges; who saw one that is lost is asked; who saw the restored one goes on.
    expect(await edit({ version: 2, status: 'IN_PROGRESS' })).toMatchObject({ task: { version: version + 1 } });
    expect(await edit({ version: 6, title: 'Mine' })).toEqual({
      fields: [{ field: 'title', base: 'null', theirs: '"Second"', yours: '"Mine"' }],
    });
    expect(await edit({ version: version + 1, title: 'Third' })).toMatchObject({ task: { version: version + 2 } });
    await follows('Third');
    await team.grace.ask(addComment, { input: { taskId: id, body: 'Back again' } });
    await assign('New');
    await told(['First', 'New']);
  }, 240_000);

  it('of tasks alone takes back what others keep of it, and tells nobody twice', async () => {
    await follows('Third', ['New']);
    await backup('tasks');
    const [before] = await known();
    await edit({ version: before?.version as number, title: 'Lost again' });
    await assign('Undone');
    await told(['First', 'New', 'Undone']);
    await follows('Lost again', ['New', 'Undone']);

    await restore('tasks', '--only', 'tasks');
    await settled();
    await follows('Third', ['New']);
    const [{ version } = { version: 0 }] = await known();
    expect(version).toBeGreaterThan(before?.version as number);
    expect(await edit({ version, title: 'Fourth' })).toMatchObject({ task: { version: version + 1 } });
    await follows('Fourth', ['New']);
    await assign('Newer');
    // What was told of a task that is no more stays told.
    await told(['First', 'New', 'Undone', 'Newer']);
  }, 240_000);

  it('of notifications alone brings back what was told since, once, out of the streams', async () => {
    await backup('notifications');
    await assign('Since');
    await told(['First', 'New', 'Undone', 'Newer', 'Since']);
    await restore('notifications', '--only', 'notifications');
    await settled();
    await told(['First', 'New', 'Undone', 'Newer', 'Since']);
    await assign('Last');
    await told(['First', 'New', 'Undone', 'Newer', 'Since', 'Last']);
  }, 240_000);
});

it('restores nothing while a service runs', async () => {
  const refused = command('restore', path.join(system.dataDir, 'all'), '--replace');
  await expect(refused).rejects.toThrow('stop the services first');
}, 60_000);
