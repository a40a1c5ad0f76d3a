import { join } from 'node:path';
import type { ClientBase, Pool } from 'pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { root } from '../root.ts';
import { lackingBackbone } from './backboneMigrations.ts';
import { migrationErrors } from './migrationError.ts';
import { listMigrationNames, type MigrationFile, readMigrations } from './migrationFiles.ts';
import {
  applyMigration,
  compareMigrations,
  createMigrationTable,
  type MigrationRecord,
  type MigrationState,
  readMigrationTable,
} from './migrationTable.ts';

export { MigrationError } from './migrationError.ts';

/** The advisory lock that Prisma's schema engine takes, so that neither runs while the other does. */
const prismaLock = 72707369;

/** Months of event partitions that are made ahead, besides the current one. */
const monthsAhead = 3;

/** What {@link migrate} works on. */
export type MigrateOptions = ({ pool: Pool } | { url: string }) & {
  /** The subgraph: its migrations lie in prisma/<name>/migrations. */
  name: string;
  /** `apply` brings the database up to date; `check` never writes. */
  mode: 'apply' | 'check';
  log: Pick<Logger, 'info' | 'warn'>;
  /** Where the migrations lie, if not there. */
  directory?: string;
  /** How long another process that migrates is waited for. */
  lockTimeoutMs?: number;
};

/**
 * Brings a subgraph's database to the migrations in prisma/<name>/migrations, or checks that it is there, the way
 * `prisma migrate deploy` does: the same table, checksums and advisory lock, so that either can follow the other.
 * Any number of processes may call it at once: each migration is applied once, the others wait.
 *
 * Throws MigrationError when the subgraph lacks a migration of the backbone, or when a migration was changed after it was
 * applied, has failed before or now, or is in the database and not on disk; with `check` also when one is pending. A database
 * that newer code has migrated passes: migrations expand before they contract, so the previous code runs on it and can be
 * started again.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  await requireBackbone(options);
  await withSession(options, (client) => (options.mode === 'apply' ? apply(client, options) : check(client, options)));
}

/** Whether every migration on disk has been applied; cheap enough for a readiness probe. */
export async function isMigrated(options: { pool: Pool; name: string; directory?: string }): Promise<boolean> {
  const names = await listMigrationNames(directoryOf(options));
  const records = await readMigrationTable(options.pool);
  const applied = new Set(records?.filter((record) => record.finishedAt).map((record) => record.name));
  return names.every((name) => applied.has(name));
}

/** Refuses a subgraph that is not given what platform/ works on. Not asked of a directory that somebody names. */
async function requireBackbone(options: { name: string; directory?: string }): Promise<void> {
  if (options.directory) return;
  const names = await listMigrationNames(directoryOf(options)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const lacking = lackingBackbone(names);
  if (lacking.length > 0) throw migrationErrors.backbone(options.name, lacking);
}

/** Runs `work` in a session of its own, and closes it: that frees the lock and forgets whatever a script has SET. */
async function withSession(options: { pool: Pool } | { url: string }, work: (client: ClientBase) => Promise<void>) {
  // A lost connection fails the query that runs; an idle client without a listener would end the process.
  const ignore = () => undefined;
  if ('pool' in options) {
    const client = await options.pool.connect();
    client.on('error', ignore);
    return work(client).finally(() => client.release(true));
  }
  const client = new pg.Client({ connectionString: options.url });
  client.on('error', ignore);
  await client.connect();
  return work(client).finally(() => client.end());
}

async function apply(client: ClientBase, options: MigrateOptions): Promise<void> {
  const { name, log } = options;
  const files = await readMigrations(directoryOf(options));
  await lock(client, options);
  const state = compareMigrations(files, await readOrCreateTable(client, name));
  refuseDivergence(state, options);
  if (state.pending.length > 0) await requireOwner(client, name);
  for (const file of state.pending) await applyOne(client, file, options);
  const partitions = await client.query(
    `SELECT to_regprocedure('backbone.ensure_event_partitions(integer)') IS NOT NULL AS there`,
  );
  if (partitions.rows[0].there) await client.query('SELECT backbone.ensure_event_partitions($1)', [monthsAhead]);
  log.info({ database: name, applied: state.pending.length }, 'The database is migrated');
}

async function check(client: ClientBase, options: MigrateOptions): Promise<void> {
  const files = await readMigrations(directoryOf(options));
  const state = compareMigrations(files, (await readMigrationTable(client)) ?? []);
  refuseDivergence(state, options);
  if (state.pending.length > 0) throw migrationErrors.pending(options.name, state.pending);
}

function refuseDivergence(state: MigrationState, { name, log }: MigrateOptions): void {
  const { unfinished, changed, missing, ahead } = state;
  if (unfinished[0]) throw migrationErrors.unfinished(name, unfinished[0]);
  if (changed[0]) throw migrationErrors.changed(name, changed[0]);
  if (missing[0]) throw migrationErrors.missing(name, missing[0]);
  if (ahead.length > 0) {
    log.warn({ database: name, ahead: ahead.map((record) => record.name) }, 'The database is newer than this code');
  }
}

async function applyOne(client: ClientBase, file: MigrationFile, { name, log }: MigrateOptions): Promise<void> {
  const start = performance.now();
  try {
    await applyMigration(client, file);
  } catch (error) {
    throw migrationErrors.failed(name, file, error as Error);
  }
  log.info({ database: name, migration: file.name, ms: Math.round(performance.now() - start) }, 'Migration applied');
}

/** Refuses, like Prisma, a database that has tables and no history: it is probably another application's. */
async function readOrCreateTable(client: ClientBase, name: string): Promise<MigrationRecord[]> {
  const records = await readMigrationTable(client);
  if (records) return records;
  const tables = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' LIMIT 1`);
  if (tables.rows[0]) throw migrationErrors.notEmpty(name, tables.rows[0].tablename);
  await requireOwner(client, name);
  await createMigrationTable(client);
  return [];
}

async function requireOwner(client: ClientBase, name: string): Promise<void> {
  const { rows } = await client.query(`SELECT has_schema_privilege('public', 'CREATE') AS allowed`);
  if (!rows[0].allowed) throw migrationErrors.notAllowed(name);
}

/**
 * Takes Prisma's lock by asking again and again: a session that is blocked in pg_advisory_lock() keeps a snapshot, which
 * a CREATE INDEX CONCURRENTLY in the migration that it waits for would wait for in turn.
 */
async function lock(client: ClientBase, { name, log, lockTimeoutMs = 120_000 }: MigrateOptions): Promise<void> {
  const until = performance.now() + lockTimeoutMs;
  for (let first = true; ; first = false) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [prismaLock]);
    if (rows[0].taken) return;
    if (performance.now() > until) throw migrationErrors.locked(name, lockTimeoutMs / 1000, prismaLock);
    if (first) log.info({ database: name }, 'Another process is migrating the database; waiting for it');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function directoryOf({ name, directory }: { name: string; directory?: string }): string {
  return directory ?? join(root, 'prisma', name, 'migrations');
}
