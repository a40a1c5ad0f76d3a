import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { root } from '#platform/root.ts';
import { emptyDatabase, type TestDatabase } from '#platform/testing/index.ts';

jest.setTimeout(30_000);

const login = `service_${randomBytes(4).toString('hex')}`;
let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await emptyDatabase('tasks');
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'test'`);
});
afterAll(async () => {
  await admin.query(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
  await admin.end();
  await database.drop();
});

/** `npm run migrate -- …`, as the compose file's one-shot job runs it. */
async function job(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  const command = ['--import', 'tsx', 'dev/migrate.ts', ...args];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', ...env },
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

it("migrates an empty database and gives the service's login rows, but no DDL; a second time changes nothing", async () => {
  const env = { MIGRATION_DATABASE_URL: database.url, APP_LOGIN: login };
  expect(await job(['tasks'], env)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/The login has its rights/),
  });
  expect(await job(['tasks'], env)).toMatchObject({ code: 0, output: expect.stringMatching(/"applied":0/) });
  const url = new URL(database.url);
  url.username = login;
  url.password = 'test';
  const service = new pg.Client({ connectionString: url.href });
  await service.connect();
  try {
    expect((await service.query('SELECT * FROM task')).rows).toEqual([]);
    await expect(service.query('CREATE TABLE mine ()')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await service.end();
  }
});

it('settles a failed migration, as its message says', async () => {
  await admin.query(
    "UPDATE _prisma_migrations SET finished_at = NULL, logs = 'ERROR: cut off' WHERE migration_name LIKE '%_init'",
  );
  const env = { MIGRATION_DATABASE_URL: database.url };
  const failed = await job(['tasks'], env);
  expect(failed).toMatchObject({ code: 1, output: expect.stringMatching(/_init of tasks.*cut off.*--applied/) });
  const [, args = ''] = failed.output.match(/run it with (--applied \w+)/) ?? [];
  expect(await job(['tasks', ...args.split(' ')], env)).toMatchObject({ code: 0 });
});

it('says what it needs', async () => {
  expect(await job([], {})).toMatchObject({ code: 1, output: expect.stringMatching(/Usage: npm run migrate/) });
  expect(await job(['tasks'], {})).toMatchObject({
    code: 1,
    output: expect.stringMatching(/MIGRATION_DATABASE_URL is required/),
  });
  const nobody = await job(['tasks'], { MIGRATION_DATABASE_URL: database.url, APP_LOGIN: 'nobody_there' });
  expect(nobody).toMatchObject({ code: 1, output: expect.stringMatching(/There is no login nobody_there/) });
  expect(nobody.output).not.toContain(`:${new URL(database.url).password}@`);
});
