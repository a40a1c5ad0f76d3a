import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { testServers } from '#platform/testing/testServers.ts';
import { databaseOf, databaseUrl, prepareDatabases } from '../databases.ts';
import type { Secrets } from '../secrets.ts';
import { subgraphs } from '../subgraphs.ts';

const secrets = {
  databasePasswords: Object.fromEntries(subgraphs.map((name) => [name, `it's ${name}`])),
} as unknown as Secrets;
const admin = testServers().postgres;

async function asLogin<R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  expect(await prepareDatabases(admin, secrets)).toEqual({ created: subgraphs.length });
}, 30_000);
afterAll(async () => {
  await asLogin(admin, async (client) => {
    for (const name of subgraphs) {
      await client.query(`DROP DATABASE ${databaseOf(name)} WITH (FORCE)`);
      await client.query(`DROP ROLE ${databaseOf(name)}`);
    }
  });
});

it('gives each subgraph a migrated database that its own login owns', async () => {
  for (const name of subgraphs) {
    const sql = `SELECT current_user AS login, pg_get_userbyid(datdba) AS owner,
      (SELECT count(*)::int FROM _prisma_migrations) AS migrations FROM pg_database WHERE datname = current_database()`;
    const { rows } = await asLogin(databaseUrl(admin, name, secrets), (client) => client.query(sql));
    expect(rows[0]).toMatchObject({ login: databaseOf(name), owner: databaseOf(name) });
    expect(rows[0].migrations).toBeGreaterThan(0);
  }
});

it("doesn't let a login into another's database", async () => {
  const url = new URL(databaseUrl(admin, 'users', secrets));
  url.pathname = `/${databaseOf('tasks')}`;
  await expect(asLogin(url.href, async () => {})).rejects.toMatchObject({ code: '42501' });
});

it('changes nothing the second time, but a password that was made anew', async () => {
  const changed = { ...secrets, databasePasswords: { ...secrets.databasePasswords, users: 'another' } };
  expect(await prepareDatabases(admin, changed)).toEqual({ created: 0 });
  const who = await asLogin(databaseUrl(admin, 'users', changed), (client) => client.query('SELECT current_user'));
  expect(who.rowCount).toBe(1);
});
