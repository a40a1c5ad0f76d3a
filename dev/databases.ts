import pg from 'pg';
import { migrate } from '#platform/database/migrate.ts';
import type { Secrets } from './secrets.ts';
import { type SubgraphName, subgraphs } from './subgraphs.ts';

/** The name of a subgraph's database, and of its login. */
export const databaseOf = (name: string): string => `taskgraph_${name}`;

/** The URL of a subgraph's database as its own login. */
export function databaseUrl(adminUrl: string, name: SubgraphName, secrets: Secrets): string {
  const url = new URL(adminUrl);
  url.pathname = `/${databaseOf(name)}`;
  url.username = databaseOf(name);
  url.password = secrets.databasePasswords[name] ?? '';
  return url.href;
}

/**
 * Makes a login and a database that it owns for each subgraph, unless they are there, and migrates the databases.
 * Nobody else's login may connect to it. Resolves to the number of databases that are new.
 */
export async function prepareDatabases(adminUrl: string, secrets: Secrets): Promise<{ created: number }> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {});
  await client.connect();
  let created = 0;
  try {
    for (const name of subgraphs) if (await createDatabase(client, name, secrets)) created++;
  } finally {
    await client.end();
  }
  const log = { info: () => {}, warn: () => {} };
  await Promise.all(
    subgraphs.map((name) => migrate({ url: databaseUrl(adminUrl, name, secrets), name, mode: 'apply', log })),
  );
  return { created };
}

async function createDatabase(client: pg.Client, name: SubgraphName, secrets: Secrets): Promise<boolean> {
  const database = databaseOf(name);
  const password = client.escapeLiteral(secrets.databasePasswords[name] ?? '');
  const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [database]);
  await client.query(`${role.rowCount ? 'ALTER' : 'CREATE'} ROLE ${database} LOGIN PASSWORD ${password}`);
  const existing = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (existing.rowCount) return false;
  const { rows } = await client.query('SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user');
  // Only a member of a role may give it a database; a superuser needs no leave.
  if (!rows[0].super) await client.query(`GRANT ${database} TO CURRENT_USER`);
  await client.query(`CREATE DATABASE ${database} OWNER ${database}`);
  await client.query(`REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`);
  return true;
}
