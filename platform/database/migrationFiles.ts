import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One folder of prisma/<name>/migrations. */
export type MigrationFile = {
  /** The folder's name, `<timestamp>_<what it does>`: it sorts by time, and is the migration's name. */
  name: string;
  script: string;
  /** SHA-256 of the script, hexadecimal: what Prisma records. */
  checksum: string;
};

/** The migrations in a folder of Prisma's layout (`<name>/migration.sql`), in the order in which they are applied. */
export async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = await listMigrationNames(directory);
  return Promise.all(
    names.map(async (name) => {
      const script = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: checksumOf(script) };
    }),
  );
}

/** The names alone, which a readiness check compares. */
export async function listMigrationNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Whether a script is the one that was recorded. Like Prisma (schema-connector/src/checksum.rs) it takes the other line
 * ending for the same script, since git may change it on the way to a Windows machine.
 */
export function matchesChecksum(script: string, recorded: string): boolean {
  const unix = script.replaceAll('\r\n', '\n');
  return [script, unix, unix.replaceAll('\n', '\r\n')].some((variant) => checksumOf(variant) === recorded);
}

function checksumOf(script: string): string {
  return createHash('sha256').update(script).digest('hex');
}
