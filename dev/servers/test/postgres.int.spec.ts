import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freePort } from '#platform/testing/index.ts';
import { type PostgresServer, postgresServer } from '../postgres.ts';
import { canReach, postgresAccount } from '../postgresAccount.ts';
import { postgresBinaries, postgresPackage } from '../postgresBinaries.ts';
import { isAlive } from './isAlive.ts';

const account = postgresAccount();

/** A folder that only its owner may enter, as a clone in a home directory can be. */
const home = mkdtempSync(join(tmpdir(), 'taskgraph-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function query(server: PostgresServer, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('Postgres in a folder that only its owner can enter', () => {
  const dataDir = join(home, '.data/postgres');
  let server: PostgresServer;
  const make = async (port: number) =>
    postgresServer({ dataDir, port, password: "o'ne@two", logFile: join(home, 'postgres.log'), use: 'development' });

  beforeAll(async () => {
    server = await make(await freePort());
    await server.start();
  }, 30_000);
  afterAll(() => server.kill());

  it('runs, as somebody else if we are root, with its data where it was asked to', async () => {
    expect(statSync(home).mode & 0o777).toBe(0o700);
    if (account) expect(canReach(home, account)).toBe(false);
    expect(statSync(dataDir).uid).toBe(account?.uid ?? process.getuid?.());
    expect(statSync(join(dataDir, 'PG_VERSION')).isFile()).toBe(true);
    const [row] = await query(
      server,
      `SELECT current_setting('server_version_num')::int / 10000 AS major,
      current_setting('fsync') AS fsync, current_setting('listen_addresses') AS address`,
    );
    expect(row).toEqual({ major: 18, fsync: 'on', address: '127.0.0.1' });
  });

  it('asks for the password', async () => {
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps what was committed over kill -9, and over another start', async () => {
    await query(server, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await server.kill();
    await server.start();
    expect(await query(server, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const pid = server.pid() as number;
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    server = await make(await freePort());
    expect(server.created).toBe(false);
    await server.start();
    expect(await query(server, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  }, 30_000);

  it('stops within a second although somebody is connected', async () => {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    const start = performance.now();
    await server.stop();
    expect(performance.now() - start).toBeLessThan(4000);
    await client.end();
  });
});

describe("Postgres' programs in a folder that only its owner can enter", () => {
  const native = join(home, 'node_modules/native');

  beforeAll(() => {
    const { native: from } = postgresPackage();
    mkdirSync(native, { recursive: true });
    // As npm leaves it when it runs no install scripts: without the links.
    cpSync(from, native, { recursive: true, filter: (file) => !/\.so(\.\d+)?$/.test(file) || statedAsFile(file) });
  });

  it('can be executed by whoever runs Postgres: links made, and a copy for somebody else', () => {
    const version = `test-${process.pid}`;
    const place = postgresBinaries(account, { native, version });
    expect(statSync(join(native, 'lib/libpq.so.5')).isFile()).toBe(true);
    if (!account) return expect(place).toBe(native);
    expect(place).not.toBe(native);
    expect(canReach(join(place, 'bin'), account)).toBe(true);
    expect(postgresBinaries(account, { native, version })).toBe(place);
    rmSync(place, { recursive: true });
  }, 30_000);
});

/** Whether the package itself brings this file; the links are made later. */
function statedAsFile(file: string): boolean {
  return !/lib(ecpg|ecpg_compat|icudata|icui18n|icuuc|pgtypes|pq)\.so/.test(file);
}
