import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { emptyDatabase, type TestDatabase } from '../testing/index.ts';
import { isMigrated, type MigrateOptions, MigrationError, migrate } from './migrate.ts';
import { readMigrations } from './migrationFiles.ts';
import { resolveMigration } from './resolveMigration.ts';

jest.setTimeout(30_000);

let database: TestDatabase;
let directory: string;
let warnings: unknown[];

beforeEach(async () => {
  database = await emptyDatabase('tasks');
  directory = mkdtempSync(join(tmpdir(), 'migrations-'));
  warnings = [];
  write('20260101000000_first', 'CREATE TABLE first (id int PRIMARY KEY); INSERT INTO first VALUES (1);');
  write('20260102000000_second', 'ALTER TABLE first ADD COLUMN name text;');
});

afterEach(async () => {
  await database.drop();
  rmSync(directory, { recursive: true });
});

function write(name: string, script: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), script);
}

function run(mode: 'apply' | 'check', options: Partial<MigrateOptions> = {}): Promise<void> {
  const log = { info: () => undefined, warn: (details: unknown) => void warnings.push(details) };
  return migrate({ url: database.url, name: 'tasks', mode, directory, log, ...options });
}

async function rows() {
  const result = await database.pool.query('SELECT * FROM _prisma_migrations ORDER BY started_at');
  return result.rows;
}

const migrated = () => isMigrated({ pool: database.pool, name: 'tasks', directory });

describe('apply', () => {
  it('applies what is pending in order and records it as Prisma does', async () => {
    expect(await migrated()).toBe(false);
    await run('apply');
    const files = await readMigrations(directory);
    expect(await rows()).toEqual(
      files.map(({ name, checksum }) => ({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        migration_name: name,
        checksum,
        started_at: expect.any(Date),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      })),
    );
    expect((await database.pool.query('SELECT * FROM first')).rows).toEqual([{ id: 1, name: null }]);
    expect(await migrated()).toBe(true);
  });

  it('does nothing the second time, and then only what is new', async () => {
    await run('apply');
    const before = await rows();
    await run('apply');
    expect(await rows()).toEqual(before);
    write('20260103000000_third', 'DELETE FROM first');
    expect(await migrated()).toBe(false);
    await run('apply', { url: undefined, pool: database.pool } as Partial<MigrateOptions>);
    expect(await rows()).toHaveLength(3);
  });

  it('applies each once when three start at once', async () => {
    await Promise.all([run('apply'), run('apply'), run('apply')]);
    expect(await rows()).toHaveLength(2);
    expect((await database.pool.query('SELECT * FROM first')).rows).toHaveLength(1);
  });

  it('makes an index concurrently while others wait', async () => {
    write('20260103000000_index', 'CREATE INDEX CONCURRENTLY first_name ON first (name)');
    await Promise.all([run('apply'), run('apply'), run('apply')]);
    expect(await rows()).toHaveLength(3);
  });

  it("waits for Prisma's advisory lock and names it when it takes too long", async () => {
    const client = await database.pool.connect();
    try {
      await client.query('SELECT pg_advisory_lock(72707369)');
      await expect(run('apply', { lockTimeoutMs: 200 })).rejects.toThrow(/advisory lock 72707369/);
      const applied = run('apply');
      await client.query('SELECT pg_advisory_unlock(72707369)');
      await applied;
    } finally {
      client.release();
    }
    expect(await rows()).toHaveLength(2);
  });

  it('leaves no lock behind', async () => {
    await run('apply');
    write('20260103000000_bad', 'SELECT 1/0');
    await expect(run('apply')).rejects.toThrow(MigrationError);
    const locks = await database.pool.query("SELECT * FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369");
    expect(locks.rows).toEqual([]);
  });

  it('stops at a file that changed after it was applied', async () => {
    await run('apply');
    write('20260101000000_first', 'CREATE TABLE first (id bigint PRIMARY KEY)');
    write('20260103000000_third', 'CREATE TABLE third ()');
    await expect(run('apply')).rejects.toThrow(/20260101000000_first of tasks was changed after it was applied/);
    await expect(run('check')).rejects.toThrow(/20260101000000_first of tasks was changed/);
    expect(await rows()).toHaveLength(2);
  });

  it('stops at an applied migration that is not on disk', async () => {
    await run('apply');
    rmSync(join(directory, '20260101000000_first'), { recursive: true });
    await expect(run('apply')).rejects.toThrow(
      /has migration 20260101000000_first, which prisma\/tasks\/migrations lacks/,
    );
  });

  it('refuses a database of something else', async () => {
    await database.pool.query('CREATE TABLE somebody_elses ()');
    await expect(run('apply')).rejects.toThrow(/has tables \(somebody_elses\) but no migration history/);
  });
});

describe('a failed migration', () => {
  beforeEach(() => write('20260103000000_bad', 'CREATE TABLE third (); SELECT 1/0;'));

  it('is undone, recorded with its reason, and stops every later start', async () => {
    await expect(run('apply')).rejects.toThrow(/20260103000000_bad of tasks failed .*division by zero.*--rolled-back/);
    expect((await rows()).at(-1)).toMatchObject({
      finished_at: null,
      rolled_back_at: null,
      applied_steps_count: 0,
      logs: expect.stringMatching(/Migration name: 20260103000000_bad[\s\S]*22012[\s\S]*ERROR: division by zero/),
    });
    expect((await database.pool.query("SELECT to_regclass('third') AS third")).rows).toEqual([{ third: null }]);
    write('20260103000000_bad', 'SELECT 1');
    await expect(run('apply')).rejects.toThrow(/20260103000000_bad of tasks, started at .*division by zero/);
    await expect(run('check')).rejects.toThrow(/20260103000000_bad/);
    expect(await migrated()).toBe(false);
  });

  it('is applied again once it is marked as rolled back', async () => {
    await expect(run('apply')).rejects.toThrow(MigrationError);
    write('20260103000000_bad', 'CREATE TABLE third ()');
    await settle('rolled-back');
    await run('apply');
    expect((await rows()).map((row) => [row.migration_name, row.rolled_back_at !== null])).toEqual([
      ['20260101000000_first', false],
      ['20260102000000_second', false],
      ['20260103000000_bad', true],
      ['20260103000000_bad', false],
    ]);
    await run('check');
  });

  it('counts as applied once it is marked so, with the checksum of the file', async () => {
    await expect(run('apply')).rejects.toThrow(MigrationError);
    await settle('applied');
    await run('check');
    expect(await migrated()).toBe(true);
    await expect(settle('rolled-back')).rejects.toThrow(/not recorded as failed/);
  });

  it('is recorded when the script left its own transaction open', async () => {
    write('20260103000000_bad', 'BEGIN; CREATE TABLE third (); SELECT 1/0; COMMIT;');
    await expect(run('apply')).rejects.toThrow(MigrationError);
    expect((await rows()).at(-1).logs).toMatch(/division by zero/);
  });

  it('whose session was ended is taken for unfinished', async () => {
    write('20260103000000_bad', 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(run('apply')).rejects.toThrow(MigrationError);
    await expect(run('apply')).rejects.toThrow(/has not finished: it is being applied now, or was cut off/);
  });

  async function settle(as: 'rolled-back' | 'applied'): Promise<void> {
    const files = await readMigrations(directory);
    const client = await database.pool.connect();
    await resolveMigration(client, { files, migration: '20260103000000_bad', as }).finally(() => client.release());
  }
});

describe('check', () => {
  it('names what is pending, and writes nothing', async () => {
    await expect(run('check')).rejects.toThrow(
      /lacks 20260101000000_first, 20260102000000_second.*npm run migrate -- tasks/,
    );
    expect((await database.pool.query("SELECT to_regclass('_prisma_migrations') AS it")).rows).toEqual([{ it: null }]);
  });

  it('passes on a migrated database, also while somebody holds the lock', async () => {
    await run('apply');
    const client = await database.pool.connect();
    await client.query('SELECT pg_advisory_lock(72707369)');
    await run('check').finally(() => client.release(true));
    expect(warnings).toEqual([]);
  });

  it('passes, with a warning, on a database that newer code has migrated or failed to', async () => {
    const older = mkdtempSync(join(tmpdir(), 'migrations-'));
    cpSync(directory, older, { recursive: true });
    write('20260103000000_newer', 'SELECT 1');
    write('20260104000000_bad', 'SELECT 1/0');
    await expect(run('apply')).rejects.toThrow(MigrationError);
    await run('check', { directory: older });
    await run('apply', { directory: older });
    rmSync(older, { recursive: true });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toEqual({ database: 'tasks', ahead: ['20260103000000_newer', '20260104000000_bad'] });
  });
});
