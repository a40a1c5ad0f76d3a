import type pg from 'pg';
import type { SubgraphName } from '../subgraphs.ts';
import { isEmpty } from './catalog.ts';
import { connectTo, type Databases } from './databases.ts';
import { checkMigrations, loadRows, migrateFully, rebuildSchema } from './loadDatabase.ts';
import { BackupError, type DatabaseDump, dumpsOf, readManifest, verifyFiles } from './manifest.ts';
import { highestKept, highestVersion, raiseVersions, renewConsumers, restoredVersion } from './raiseVersions.ts';

/** What became of a database. */
export type Restored = { name: SubgraphName; rows: number; restated: number; version: number };

/**
 * Puts a backup back: all of it, or the databases in `only`. The services must be stopped. `databases` are all that can be
 * reached; consumers in those that are not restored themselves are told to begin anew.
 *
 * Everything is looked at before anything is written: the backup's files, its migrations, whether the databases are empty
 * (else `replace` says so), whether anybody is connected. Each database is loaded in one transaction; where that fails, it
 * is left migrated and empty. Throws {@link BackupError}.
 */
export async function restoreBackup(options: {
  folder: string;
  databases: Databases;
  only?: readonly SubgraphName[];
  replace?: boolean;
  now?: Date;
  say?: (line: string) => void;
}): Promise<Restored[]> {
  const { folder, databases, replace = false, now = new Date(), say = () => {} } = options;
  const manifest = readManifest(folder);
  const names = options.only ?? (Object.keys(manifest.databases) as SubgraphName[]);
  const dumps = dumpsOf(manifest, names);
  await verifyFiles(folder, [...dumps.values()]);
  for (const [name, dump] of dumps) await checkMigrations(name, dump);

  const clients = new Map<SubgraphName, pg.Client>();
  try {
    for (const [name, url] of databases) clients.set(name, await connectTo(url));
    const problems = await Promise.all(
      [...clients].map(([name, client]) => objection(client, name, { target: dumps.has(name), replace })),
    );
    for (const name of names) if (!clients.has(name)) problems.push(`There is no database for ${name}`);
    const found = problems.filter((problem) => problem !== null);
    if (found.length > 0) throw new BackupError(found.join('\n'));

    const versions = await decideVersions(clients, names, now);
    const restored: Restored[] = [];
    for (const [name, dump] of dumps) {
      const target = { name, client: clients.get(name) as pg.Client, url: databases.get(name) as string };
      restored.push(await restoreDatabase({ ...target, folder, dump, versions, now }));
      say(`${name}: ${restored.at(-1)?.rows} rows as of ${dump.takenAt}, versions go on at ${versions.get(name)}`);
    }
    for (const [name, client] of clients) {
      if (dumps.has(name)) continue;
      const renewed = await renewConsumers(client, { restored: false, versions });
      if (renewed.length > 0) say(`${name}: ${renewed.join(', ')} will begin anew`);
    }
    return restored;
  } finally {
    for (const client of clients.values()) await client.end();
  }
}

/** Why a database can't be restored, or told of a restore; null when it can. */
async function objection(
  client: pg.Client,
  name: SubgraphName,
  { target, replace }: { target: boolean; replace: boolean },
): Promise<string | null> {
  const { rows } = await client.query<{ others: number; owner: boolean }>(
    `select (select count(*)::int from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend') as others,
            pg_has_role(current_user, datdba, 'USAGE') as owner
     from pg_database where datname = current_database()`,
  );
  const [state] = rows;
  if (state?.others)
    return `Somebody is connected to the database of ${name} (${state.others}): stop the services first.`;
  if (!target) return null;
  if (!state?.owner) return `This login does not own the database of ${name}.`;
  if (replace || (await isEmpty(client))) return null;
  return `The database of ${name} is not empty. --replace removes what is in it.`;
}

/** The version that each restored database continues at: above what it, and what keeps projections of it, have seen. */
async function decideVersions(
  clients: ReadonlyMap<SubgraphName, pg.Client>,
  names: readonly SubgraphName[],
  now: Date,
): Promise<Map<SubgraphName, number>> {
  const kept = await Promise.all([...clients.values()].map(highestKept));
  const decided = new Map<SubgraphName, number>();
  for (const name of names) {
    const known = [await highestVersion(clients.get(name) as pg.Client), ...kept.map((one) => one.get(name) ?? 0)];
    decided.set(name, restoredVersion(now, known));
  }
  return decided;
}

async function restoreDatabase(given: {
  name: SubgraphName;
  client: pg.Client;
  url: string;
  folder: string;
  dump: DatabaseDump;
  versions: ReadonlyMap<SubgraphName, number>;
  now: Date;
}): Promise<Restored> {
  const { name, client, url, folder, dump, versions, now } = given;
  const decided = versions.get(name) ?? 0;
  await rebuildSchema(client, name, url, dump);
  await client.query('begin');
  try {
    const rows = await loadRows(client, folder, dump);
    const version = Math.max(decided, restoredVersion(now, [await highestVersion(client)]));
    const restated = await raiseVersions(client, name, { version, takenAt: dump.takenAt });
    await renewConsumers(client, { restored: true, versions });
    await client.query('commit');
    await migrateFully(name, url);
    await client.query('analyze');
    return { name, rows, restated, version };
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
