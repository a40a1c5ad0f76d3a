import { existsSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { databaseUrl, prepareDatabases } from '../databases.ts';
import type { DevEnv } from '../env.ts';
import { claimFolder } from '../lock.ts';
import { loadSecrets } from '../secrets.ts';
import { postgresServer } from '../servers/postgres.ts';
import { type SubgraphName, subgraphs } from '../subgraphs.ts';
import { BackupError } from './manifest.ts';

/** Where databases are: URLs with the logins that own them. */
export type Databases = ReadonlyMap<SubgraphName, string>;

/** `DATABASE_URL_TASKS`: says where a subgraph's database is. */
export const databaseVariable = (name: SubgraphName): string => `DATABASE_URL_${name.toUpperCase()}`;

/** Connects to a database; a connection that is lost fails the query that runs. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'taskgraph-backup' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Finds the databases: those that DATABASE_URL_<SUBGRAPH> names; when there is no such variable, those of the local system,
 * all of them, and with `prepare` they are made if they aren't there. Its Postgres is started for as long as it takes if it
 * does not run; `close` stops it then.
 */
export async function openDatabases(
  { ports, given, dataDir }: DevEnv,
  { prepare }: { prepare: boolean },
  source: NodeJS.ProcessEnv = process.env,
): Promise<{ databases: Databases; close(): Promise<void> }> {
  const named = subgraphs.flatMap((name): [SubgraphName, string][] => {
    const url = source[databaseVariable(name)];
    return url ? [[name, url]] : [];
  });
  if (named.length > 0) return { databases: new Map(named), close: async () => {} };

  const secrets = loadSecrets(join(dataDir, 'secrets.json'));
  const local = `postgres://postgres:${encodeURIComponent(secrets.postgresPassword)}@127.0.0.1:${ports.postgres}/postgres`;
  const adminUrl = given.postgres ?? local;
  let close = async () => {};
  if (!given.postgres && !(await isListening(ports.postgres))) {
    if (!prepare && !existsSync(join(dataDir, 'postgres'))) {
      throw new BackupError(`There are no databases in ${dataDir}, and no ${databaseVariable('users')} … are given`);
    }
    const release = claimFolder(dataDir);
    const place = { dataDir: join(dataDir, 'postgres'), logFile: join(dataDir, 'logs', 'postgres.log') };
    const server = await postgresServer({
      ...place,
      port: ports.postgres,
      password: secrets.postgresPassword,
      use: 'development',
    });
    close = () => server.stop().finally(release);
    await server.start();
  }
  try {
    if (prepare) await prepareDatabases(adminUrl, secrets);
  } catch (error) {
    await close();
    throw error;
  }
  return { databases: new Map(subgraphs.map((name) => [name, databaseUrl(adminUrl, name, secrets)])), close };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
