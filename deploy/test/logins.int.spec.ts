import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { grantService } from '#platform/database/grantService.ts';
import { migrate } from '#platform/database/migrate.ts';
import { root } from '#platform/root.ts';
import { describeWith } from '#platform/testing/describeWith.ts';
import { testServers } from '#platform/testing/testServers.ts';

const run = promisify(execFile);
const log = { info: () => {}, warn: () => {} };

describeWith('psql', 'logins.sh', () => {
  // The script names databases and logins after the subgraphs, and the tests' Postgres is shared: so these have a name of
  // their own; what is in the database is the tasks subgraph's.
  const name = 'deploytasks';
  const passwords = { DEPLOYTASKS_OWNER_PASSWORD: 'owner-password', DEPLOYTASKS_APP_PASSWORD: "app'password" };

  const url = (user: string, password: string, database = name) => {
    const result = new URL(testServers().postgres);
    result.username = user;
    result.password = encodeURIComponent(password);
    result.pathname = `/${database}`;
    return result.href;
  };
  const owner = () => url(`${name}_owner`, passwords.DEPLOYTASKS_OWNER_PASSWORD);
  const app = (password = passwords.DEPLOYTASKS_APP_PASSWORD) => url(`${name}_app`, password);

  async function script(environment: Record<string, string>) {
    const admin = new URL(testServers().postgres);
    return run('sh', [join(root, 'deploy/postgres/logins.sh')], {
      env: {
        PATH: process.env.PATH,
        PGHOST: admin.hostname,
        PGPORT: admin.port,
        PGUSER: admin.username,
        PGPASSWORD: decodeURIComponent(admin.password),
        SUBGRAPHS: name,
        ...environment,
      },
    });
  }

  async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function remove(): Promise<void> {
    await query(testServers().postgres, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    for (const kind of ['owner', 'app']) await query(testServers().postgres, `DROP ROLE IF EXISTS ${name}_${kind}`);
  }

  beforeAll(async () => {
    await remove();
    await script(passwords);
    await migrate({ url: owner(), name: 'tasks', mode: 'apply', log });
    const client = new pg.Client({ connectionString: owner() });
    await client.connect();
    expect(await grantService(client, `${name}_app`)).toEqual([]);
    await client.end();
  }, 60_000);
  afterAll(remove);

  it('makes a login that can run the service, but not change its schema', async () => {
    await migrate({ url: app(), name: 'tasks', mode: 'check', log });
    expect(await query(app(), 'SELECT count(*)::int AS rows FROM backbone.event')).toEqual([{ rows: 0 }]);
    await query(app(), 'DELETE FROM backbone.inbox');
    for (const sql of [
      'CREATE TABLE mine (id int)',
      'DROP TABLE backbone.inbox',
      'TRUNCATE backbone.event',
      'ALTER TABLE backbone.event DISABLE TRIGGER ALL',
      'DELETE FROM _prisma_migrations',
      'CREATE SCHEMA mine',
    ]) {
      await expect(query(app(), sql)).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  it('keeps everybody else out', async () => {
    await expect(query(url('tasks', 'test'), 'SELECT 1')).rejects.toThrow('permission denied for database');
    await expect(query(app('wrong'), 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('can run again, and sets a changed password', async () => {
    const before = await query(owner(), 'SELECT count(*)::int AS migrations FROM _prisma_migrations');
    await script({ ...passwords, DEPLOYTASKS_APP_PASSWORD: 'another' });
    await expect(query(app(), 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await query(app('another'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await query(owner(), 'SELECT count(*)::int AS migrations FROM _prisma_migrations')).toEqual(before);
  });

  it('names a password that is missing, and makes nothing', async () => {
    await expect(script({ SUBGRAPHS: 'deployother', DEPLOYOTHER_OWNER_PASSWORD: 'x' })).rejects.toThrow(
      'DEPLOYOTHER_APP_PASSWORD is not set',
    );
    const sql = `SELECT rolname FROM pg_roles WHERE rolname LIKE 'deployother%'`;
    expect(await query(testServers().postgres, sql)).toEqual([]);
  });

  it('fails when Postgres refuses', async () => {
    await expect(script({ ...passwords, PGPASSWORD: 'wrong' })).rejects.toThrow('password authentication failed');
  });
});
