import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { grantService } from '#platform/database/grantService.ts';
import { MigrationError, migrate } from '#platform/database/migrate.ts';
import { readMigrations } from '#platform/database/migrationFiles.ts';
import { resolveMigration } from '#platform/database/resolveMigration.ts';
import { readEnv, secret } from '#platform/env.ts';
import { root } from '#platform/root.ts';
import { subgraphs } from './subgraphs.ts';

/** The variables of the migration job. */
export const migrateEnvSchema = z.object({
  MIGRATION_DATABASE_URL: secret(
    z
      .url({ protocol: /^postgres(ql)?$/, error: 'Must be a postgresql:// URL' })
      .describe("The subgraph's database, with the login that owns it"),
  ),
  APP_LOGIN: z.string().optional().describe("The service's own login, which gets rows but no DDL rights"),
});

/**
 * `npm run migrate -- <subgraph>`: the one-shot job that applies migrations where services may only check them, and gives
 * the service's login its rights. --rolled-back or --applied <migration> settles a failed one first.
 */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'rolled-back': { type: 'string' }, applied: { type: 'string' } },
  });
  const name = subgraphs.find((subgraph) => subgraph === positionals[0]);
  if (!name || positionals.length > 1) {
    throw new MigrationError(
      `Usage: npm run migrate -- <${subgraphs.join('|')}> [--rolled-back <migration> | --applied <migration>]`,
    );
  }
  const env = readEnv(migrateEnvSchema);
  const client = new pg.Client({ connectionString: env.MIGRATION_DATABASE_URL });
  client.on('error', () => undefined); // a lost connection fails the query that runs
  await client.connect();
  try {
    const files = await readMigrations(join(root, 'prisma', name, 'migrations'));
    for (const as of ['rolled-back', 'applied'] as const) {
      if (values[as]) await resolveMigration(client, { files, migration: values[as], as });
    }
    await migrate({ url: env.MIGRATION_DATABASE_URL, name, mode: 'apply', log });
    if (!env.APP_LOGIN) return;
    for (const reason of await grantService(client, env.APP_LOGIN)) {
      log.warn({ login: env.APP_LOGIN }, `${reason}: the rights that it got don't restrict it`);
    }
    log.info({ login: env.APP_LOGIN }, 'The login has its rights');
  } finally {
    await client.end();
  }
}

const write = (level: string) => (details: unknown, message?: string) =>
  console.log(JSON.stringify({ level, ...(details as object), msg: message }));
const log = { info: write('info'), warn: write('warn') };

if (process.argv[1] === import.meta.filename) {
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
