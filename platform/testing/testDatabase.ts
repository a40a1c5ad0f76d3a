import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { SubgraphName } from '#dev/subgraphs.ts';
import { templateOf, urlFor } from './testRole.ts';
import { testServers } from './testServers.ts';

/** A database of one test file's own. */
export type TestDatabase = {
  /** As the subgraph's own login, which owns the database. */
  url: string;
  /** As the superuser. */
  adminUrl: string;
  /** Connections as the subgraph's login, for arranging and asserting. */
  pool: pg.Pool;
  drop(): Promise<void>;
};

async function asAdmin(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: testServers().postgres });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function handle(database: string, user?: string): TestDatabase {
  const adminUrl = urlFor(testServers().postgres, { database });
  const url = user ? urlFor(adminUrl, { user, database }) : adminUrl;
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  // Dropping the database ends idle connections; that is no failure of the test.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    url,
    adminUrl,
    pool,
    async drop() {
      await pool.end();
      await asAdmin((client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`));
    },
  };
}

const fresh = (name: string): string => `test_${name}_${randomBytes(6).toString('hex')}`;

/** A copy of the subgraph's migrated database: all tables, no rows. Takes about 50 ms. */
export async function testDatabase(name: SubgraphName): Promise<TestDatabase> {
  const database = fresh(name);
  await asAdmin((client) => client.query(`CREATE DATABASE ${database} TEMPLATE ${templateOf(name)} OWNER ${name}`));
  return handle(database, name);
}

/** A database with nothing in it, owned by `owner` or the superuser; for tests of migrations. */
export async function emptyDatabase(owner?: SubgraphName): Promise<TestDatabase> {
  const database = fresh('empty');
  await asAdmin((client) => client.query(`CREATE DATABASE ${database} ${owner ? `OWNER ${owner}` : ''}`));
  return handle(database, owner);
}
