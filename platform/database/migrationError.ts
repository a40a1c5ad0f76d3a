import type { MigrationFile } from './migrationFiles.ts';
import type { MigrationRecord } from './migrationTable.ts';

/** The database of a subgraph is not what this code needs; the message names the migration and the way out. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

type Named = { name: string };

/** Each refusal, with its way out. */
export const migrationErrors = {
  pending: (name: string, migrations: MigrationFile[]) =>
    new MigrationError(
      `The database of ${name} lacks ${migrations.map((migration) => migration.name).join(', ')}. Apply with the owner's ` +
        `login: MIGRATION_DATABASE_URL=… npm run migrate -- ${name} (or start the service with MIGRATE=apply).`,
    ),

  backbone: (name: string, migrations: readonly string[]) =>
    new MigrationError(
      `prisma/${name}/migrations lacks ${migrations.join(', ')}, which every subgraph has: ` +
        `npm run db:diff -- ${name} init copies them from another one.`,
    ),

  changed: (name: string, record: MigrationRecord) =>
    new MigrationError(
      `Migration ${record.name} of ${name} was changed after it was applied: its checksum is no longer ${record.checksum}. ` +
        `Restore prisma/${name}/migrations/${record.name}/migration.sql and put the change into a new migration ` +
        `(npm run db:diff -- ${name} what_changes). Where the data doesn't matter, drop the database instead.`,
    ),

  missing: (name: string, record: MigrationRecord) =>
    new MigrationError(
      `The database of ${name} has migration ${record.name}, which prisma/${name}/migrations lacks although it has newer ` +
        "ones. Restore the folder, or run the code that has it. Where the data doesn't matter, drop the database instead.",
    ),

  unfinished: (name: string, record: MigrationRecord) => {
    const reason = reasonOf(record.logs) ?? 'it is being applied now, or was cut off';
    const since = record.startedAt.toISOString();
    return new MigrationError(
      `Migration ${record.name} of ${name}, started at ${since}, has not finished: ${reason}. ${recovery(name, record)}`,
    );
  },

  failed: (name: string, file: Named, cause: Error) =>
    new MigrationError(
      `Migration ${file.name} of ${name} failed and is recorded as failed: ${cause.message}. ${recovery(name, file)}`,
      { cause },
    ),

  notEmpty: (name: string, table: string) =>
    new MigrationError(
      `The database for ${name} has tables (${table}) but no migration history. Is it the right one? ` +
        'Use an empty database, or record a baseline (https://pris.ly/d/migrate-baseline).',
    ),

  notAllowed: (name: string) =>
    new MigrationError(
      `This login may not change the schema of ${name}'s database. Services run with MIGRATE=check; migrations are applied ` +
        `with the owner's login: MIGRATION_DATABASE_URL=… npm run migrate -- ${name}.`,
    ),

  locked: (name: string, seconds: number, lock: number) =>
    new MigrationError(
      `Another process has been migrating the database of ${name} for ${seconds} s. Wait for it, then start again; ` +
        `if it hangs, its session is the one that holds advisory lock ${lock} in pg_locks, and can be ended.`,
    ),
};

/** What Postgres said, in the logs that we or Prisma wrote. */
function reasonOf(logs: string | null): string | undefined {
  return logs?.match(/ERROR: (.*)/)?.[1] ?? logs?.trim().split('\n')[0];
}

function recovery(name: string, migration: Named): string {
  return (
    `If what it did is undone (a script without COMMIT undoes itself), correct it and run npm run migrate -- ${name} ` +
    `--rolled-back ${migration.name}; if you completed it by hand, run it with --applied ${migration.name}.`
  );
}
