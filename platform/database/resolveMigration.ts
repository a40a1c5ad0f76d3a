import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { MigrationFile } from './migrationFiles.ts';

/**
 * Settles a failed migration, as `prisma migrate resolve` does: `rolled-back` sets it aside, so that it is applied again;
 * `applied` records it as done, because somebody has done by hand what it lacked.
 */
export async function resolveMigration(
  client: ClientBase,
  { files, migration, as }: { files: MigrationFile[]; migration: string; as: 'rolled-back' | 'applied' },
): Promise<void> {
  const file = files.find(({ name }) => name === migration);
  if (as === 'applied' && !file) throw new Error(`There is no migration ${migration}`);
  await client.query('BEGIN');
  try {
    const failed = await client.query(
      `UPDATE public._prisma_migrations SET rolled_back_at = clock_timestamp()
        WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
      [migration],
    );
    if (failed.rowCount === 0) throw new Error(`${migration} is not recorded as failed`);
    if (as === 'applied' && file) {
      await client.query(
        `INSERT INTO public._prisma_migrations (id, checksum, logs, started_at, finished_at, migration_name)
         VALUES ($1, $2, '', clock_timestamp(), clock_timestamp(), $3)`,
        [randomUUID(), file.checksum, migration],
      );
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
