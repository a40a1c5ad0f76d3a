import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { type MigrationFile, matchesChecksum } from './migrationFiles.ts';

/** A row of `_prisma_migrations`. One with neither date has failed, or is being applied right now. */
export type MigrationRecord = {
  name: string;
  checksum: string;
  startedAt: Date;
  finishedAt: Date | null;
  logs: string | null;
};

/** How the migrations on disk and those recorded in the database relate. */
export type MigrationState = {
  /** On disk, not in the database; in order. */
  pending: MigrationFile[];
  /** Applied, but the file has changed since. */
  changed: MigrationRecord[];
  /** Started and not finished: failed, cut off, or running now. */
  unfinished: MigrationRecord[];
  /** Applied, not on disk, and older than the newest on disk: the two histories differ. */
  missing: MigrationRecord[];
  /** Newer than all that is on disk, whatever became of it: newer code's matter. */
  ahead: MigrationRecord[];
};

/** Compares the files with the table; one that was rolled back counts as not there, as for Prisma. */
export function compareMigrations(files: MigrationFile[], records: MigrationRecord[]): MigrationState {
  const byName = new Map(files.map((file) => [file.name, file]));
  const recorded = new Set(records.map((record) => record.name));
  const newest = files.at(-1)?.name ?? '';
  const ahead = records.filter((record) => !byName.has(record.name) && record.name > newest);
  const own = records.filter((record) => !ahead.includes(record));
  const applied = own.filter((record) => record.finishedAt);
  return {
    pending: files.filter((file) => !recorded.has(file.name)),
    changed: applied.filter((record) => {
      const file = byName.get(record.name);
      return file && !matchesChecksum(file.script, record.checksum);
    }),
    unfinished: own.filter((record) => !record.finishedAt),
    missing: applied.filter((record) => !byName.has(record.name)),
    ahead,
  };
}

/** The recorded migrations that were not rolled back; null when the table isn't there. */
export async function readMigrationTable(client: ClientBase | Pool): Promise<MigrationRecord[] | null> {
  const table = await client.query(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`);
  if (!table.rows[0].there) return null;
  const { rows } = await client.query<MigrationRecord>(
    `SELECT migration_name AS name, checksum, started_at AS "startedAt", finished_at AS "finishedAt", logs
       FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

/** Creates the table as Prisma's schema engine does (a test holds the two catalogs equal). */
export async function createMigrationTable(client: ClientBase): Promise<void> {
  await client.query(
    `CREATE TABLE public._prisma_migrations (
       id                  VARCHAR(36) PRIMARY KEY NOT NULL,
       checksum            VARCHAR(64) NOT NULL,
       finished_at         TIMESTAMPTZ,
       migration_name      VARCHAR(255) NOT NULL,
       logs                TEXT,
       rolled_back_at      TIMESTAMPTZ,
       started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
       applied_steps_count INTEGER NOT NULL DEFAULT 0
     )`,
  );
}

/**
 * Runs one migration and records it in the steps that Prisma takes: started, then one applied step and finished, or the
 * error in `logs`. Postgres takes a script of several statements for one transaction unless it has its own BEGIN, so a
 * failed one usually leaves nothing behind but its record. Throws what Postgres threw.
 */
export async function applyMigration(client: ClientBase, { name, script, checksum }: MigrationFile): Promise<void> {
  const id = randomUUID();
  await client.query(
    `INSERT INTO public._prisma_migrations (id, checksum, migration_name, started_at)
     VALUES ($1, $2, $3, clock_timestamp())`,
    [id, checksum, name],
  );
  try {
    await client.query(script);
  } catch (error) {
    const { code, message, detail } = error as { code?: string; message: string; detail?: string };
    const logs = [
      'A migration failed to apply. New migrations cannot be applied before the error is recovered from.',
      `Migration name: ${name}`,
      `Database error code: ${code ?? 'none'}`,
      `Database error:\nERROR: ${message}${detail ? `\nDETAIL: ${detail}` : ''}`,
    ].join('\n\n');
    // A script may have left its own transaction open and failed; nothing could be recorded in it.
    await client.query('ROLLBACK').catch(() => undefined);
    await client
      .query(`UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1`, [id, logs])
      .catch(() => undefined); // the connection is gone: the row without `finished_at` says enough
    throw error;
  }
  await client.query(
    `UPDATE public._prisma_migrations
        SET applied_steps_count = applied_steps_count + 1, finished_at = clock_timestamp() WHERE id = $1`,
    [id],
  );
}
