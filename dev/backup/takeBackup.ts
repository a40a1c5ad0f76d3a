import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { readMigrationTable } from '#platform/database/migrationTable.ts';
import { root } from '#platform/root.ts';
import type { SubgraphName } from '../subgraphs.ts';
import { columnList, quoted, readMonths, readTables, type Table } from './catalog.ts';
import { connectTo, type Databases } from './databases.ts';
import { BackupError, type DatabaseDump, type Manifest, type TableDump, writeManifest } from './manifest.ts';

/**
 * Writes a dump of each database into a folder that is new or empty: COPY's text, gzipped, read in one transaction, so that
 * it shows one moment. The moments of the databases differ by milliseconds; what that means is in docs/backup.md.
 *
 * The manifest comes last: without one the folder is no backup. Everything is readable by its owner only, since it
 * has password hashes and addresses in it. Throws {@link BackupError}.
 */
export async function takeBackup(options: {
  folder: string;
  databases: Databases;
  say?: (line: string) => void;
}): Promise<Manifest> {
  const { folder, databases, say = () => {} } = options;
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new BackupError(`${folder} is not empty`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clients = new Map<SubgraphName, pg.Client>();
  try {
    for (const [name, url] of databases) clients.set(name, await connectTo(url));
    // Begun together, before the first of them is read.
    const moments = await Promise.all([...clients.values()].map(takeSnapshot));
    const dumps: Manifest['databases'] = {};
    for (const [index, [name, client]] of [...clients].entries()) {
      const dump = await dumpDatabase({ client, name, folder, takenAt: moments[index] as Date });
      dumps[name] = dump;
      const rows = dump.tables.reduce((sum, table) => sum + table.rows, 0);
      say(`${name}: ${rows} rows of ${dump.tables.length} tables`);
    }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return writeManifest(folder, { taskgraph: version, takenAt: new Date().toISOString(), databases: dumps });
  } finally {
    for (const client of clients.values()) await client.end();
  }
}

/** From here on the connection sees the database as it is now. Resolves with that moment. */
async function takeSnapshot(client: pg.Client): Promise<Date> {
  await client.query('begin isolation level repeatable read read only');
  // A transaction gets its snapshot with its first query.
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  return (rows[0] as { now: Date }).now;
}

async function dumpDatabase(given: {
  client: pg.Client;
  name: SubgraphName;
  folder: string;
  takenAt: Date;
}): Promise<DatabaseDump> {
  const { client, name, folder, takenAt } = given;
  const records = (await readMigrationTable(client)) ?? [];
  const unfinished = records.find((record) => !record.finishedAt);
  if (unfinished) throw new BackupError(`Migration ${unfinished.name} of ${name} has not finished`);
  if (records.length === 0) throw new BackupError(`The database of ${name} was never migrated`);
  mkdirSync(join(folder, name), { mode: 0o700 });
  const tables: TableDump[] = [];
  for (const table of await readTables(client)) tables.push(await dumpTable(client, folder, name, table));
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
  return {
    takenAt: takenAt.toISOString(),
    postgres: rows[0]?.version ?? '',
    migrations: records.map((record) => ({ name: record.name, checksum: record.checksum })),
    months: await readMonths(client),
    tables,
  };
}

async function dumpTable(client: pg.Client, folder: string, database: string, table: Table): Promise<TableDump> {
  const file = `${database}/${table.schema}.${table.name}.copy.gz`;
  // A partitioned table can't be copied by name.
  const rows = client.query(copyTo(`copy (select ${columnList(table)} from ${quoted(table)}) to stdout`));
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(rows, createGzip({ level: 6 }), measure, createWriteStream(join(folder, file), { mode: 0o600 }));
  const { schema, name, columns } = table;
  return {
    schema: schema as TableDump['schema'],
    name,
    columns,
    rows: rows.rowCount,
    file,
    bytes,
    sha256: hash.digest('hex'),
  };
}
