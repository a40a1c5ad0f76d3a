import { cpSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { grantService } from '#platform/database/grantService.ts';
import { migrate } from '#platform/database/migrate.ts';
import { matchesChecksum, readMigrations } from '#platform/database/migrationFiles.ts';
import { root } from '#platform/root.ts';
import type { SubgraphName } from '../subgraphs.ts';
import { columnList, quoted, readMonths, readTables } from './catalog.ts';
import { BackupError, type DatabaseDump } from './manifest.ts';

const log = { info: () => {}, warn: () => {} };

const migrationsOf = (name: SubgraphName) => join(root, 'prisma', name, 'migrations');

/**
 * Looks whether this code has the migrations that a dump was taken with: all of them, unchanged, and none in between.
 * Throws {@link BackupError} otherwise.
 */
export async function checkMigrations(name: SubgraphName, dump: DatabaseDump): Promise<void> {
  const files = await readMigrations(migrationsOf(name));
  for (const [index, { name: migration, checksum }] of dump.migrations.entries()) {
    const file = files[index];
    if (file?.name === migration && matchesChecksum(file.script, checksum)) continue;
    throw new BackupError(
      `The backup of ${name} was taken with migration ${migration}, which this code does not have like that: ` +
        'restore it with the code that took it, then update.',
    );
  }
}

/** Brings a database to this code's migrations. */
export const migrateFully = (name: SubgraphName, url: string): Promise<void> =>
  migrate({ url, name, mode: 'apply', log });

/**
 * Empties a database altogether and builds the schema that the dump's rows fit. Logins that had rights to it get them again.
 */
export async function rebuildSchema(
  client: pg.Client,
  name: SubgraphName,
  url: string,
  dump: DatabaseDump,
): Promise<void> {
  const { rows: logins } = await client.query<{ login: string }>(
    `select distinct grantee::regrole::text as login from pg_namespace, aclexplode(nspacl)
     where nspname = 'backbone' and grantee not in (0, nspowner)`,
  );
  await client.query(`begin;
    drop schema if exists backbone cascade; drop schema if exists public cascade;
    create schema public; grant usage on schema public to public;
    commit`);
  const directory = mkdtempSync(join(tmpdir(), 'taskgraph-migrations-'));
  try {
    for (const migration of dump.migrations) {
      cpSync(join(migrationsOf(name), migration.name), join(directory, migration.name), { recursive: true });
    }
    await migrate({ url, name, mode: 'apply', log, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  for (const { login } of logins) await grantService(client, login);
}

/** Reads a dump's rows into the tables, in the transaction that runs. Throws {@link BackupError} when they don't fit. */
export async function loadRows(client: ClientBase, folder: string, dump: DatabaseDump): Promise<number> {
  const tables = await readTables(client);
  const months = await readMonths(client);
  for (const month of dump.months.filter((one) => !months.includes(one))) await addMonth(client, month);
  await client.query(`select set_config('backbone.redact', 'on', true)`);
  await client.query(`truncate ${tables.map(quoted).join(', ')}`);
  let rows = 0;
  for (const table of tables) {
    const dumped = dump.tables.find(({ schema, name }) => schema === table.schema && name === table.name);
    if (!dumped) continue;
    const copy = client.query(copyFrom(`copy ${quoted(table)} (${columnList(dumped)}) from stdin`));
    await pipeline(createReadStream(join(folder, dumped.file)), createGunzip(), copy);
    if (copy.rowCount !== dumped.rows) {
      throw new BackupError(`${dumped.file} has ${copy.rowCount} rows, not ${dumped.rows}`);
    }
    rows += dumped.rows;
  }
  await client.query(`select set_config('backbone.redact', '', true)`);
  return rows;
}

/** Makes the event table's partition of a month, `event_2026_11`, that is not one of those that migrating prepares. */
async function addMonth(client: ClientBase, partition: string): Promise<void> {
  const [year, month] = partition.split('_').slice(1).map(Number) as [number, number];
  const bound = (date: number) => client.escapeLiteral(new Date(date).toISOString());
  const { rows } = await client.query<{ lower: string; upper: string }>(
    `select backbone.uuid_at(${bound(Date.UTC(year, month - 1))}) as lower,
            backbone.uuid_at(${bound(Date.UTC(year, month))}) as upper`,
  );
  const [{ lower, upper } = { lower: '', upper: '' }] = rows;
  await client.query(
    `create table backbone.${client.escapeIdentifier(partition)} partition of backbone.event
     for values from ('${lower}') to ('${upper}')`,
  );
}
