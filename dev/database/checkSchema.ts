import { readFileSync } from 'node:fs';
import pg from 'pg';
import { migrate } from '#platform/database/migrate.ts';
import type { AllowedDifference } from '#prisma/allowedDifferences.ts';
import { type Catalog, readCatalog } from './readCatalog.ts';
import { diffSchemas } from './schemaEngine.ts';
import { schemaPaths } from './writeMigration.ts';

const quiet = { info: () => undefined, warn: () => undefined };

/**
 * Whether a subgraph's migrations build what its schema.prisma says: applies the migrations to one database and the SQL
 * from nothing to the schema to another, and compares what Postgres then has.
 *
 * @param options.adminUrl a login that may create databases; two are made beside that one and dropped again
 * @returns what is wrong, a line each; empty when they agree
 */
export async function checkSchema(options: {
  adminUrl: string;
  subgraph: string;
  allowed: AllowedDifference[];
  folder?: string;
}): Promise<string[]> {
  const { adminUrl, subgraph, allowed, folder } = options;
  const paths = schemaPaths(subgraph, folder);
  const schema = readFileSync(paths.schema, 'utf8');
  const problems: string[] = [];
  if ((await diffSchemas(readFileSync(paths.migrated, 'utf8'), schema)) !== '') {
    problems.push(`schema.prisma has changes without a migration: npm run db:diff -- ${subgraph} <what_changes>`);
  }
  const migrated = await withDatabase(adminUrl, async (url) => {
    await migrate({ url, name: subgraph, mode: 'apply', log: quiet, directory: paths.migrations });
    return catalogOf(url);
  });
  const modelled = await withDatabase(adminUrl, async (url) => catalogOf(url, await diffSchemas(null, schema)));
  return [...problems, ...compareCatalogs(migrated, modelled, allowed)];
}

/** The differences between two catalogs that the list doesn't allow, and the entries of the list that are none. */
export function compareCatalogs(migrations: Catalog, schema: Catalog, allowed: AllowedDifference[]): string[] {
  const differences = [...new Set([...migrations.keys(), ...schema.keys()])]
    .map((object) => ({
      object,
      migrations: migrations.get(object) ?? null,
      schema: schema.get(object) ?? null,
    }))
    .filter((difference) => difference.migrations !== difference.schema);
  const same = (one: Omit<AllowedDifference, 'because'>, other: Omit<AllowedDifference, 'because'>) =>
    one.object === other.object && one.migrations === other.migrations && one.schema === other.schema;
  return [
    ...differences
      .filter((difference) => !allowed.some((entry) => same(entry, difference)))
      .map((difference) => {
        const { object, migrations, schema } = difference;
        return `${object}: the migrations build ${migrations ?? 'none'}, schema.prisma means ${schema ?? 'none'}`;
      }),
    ...allowed
      .filter((entry) => !differences.some((difference) => same(entry, difference)))
      .map((entry) => `${entry.object}: prisma/allowedDifferences.ts allows a difference that isn't there (any more)`),
  ];
}

async function catalogOf(url: string, sql?: string): Promise<Catalog> {
  return withClient(url, async (client) => {
    if (sql !== undefined) await client.query(sql);
    return readCatalog(client);
  });
}

async function withDatabase<T>(adminUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `check_${crypto.randomUUID().replaceAll('-', '')}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return withClient(adminUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    try {
      return await work(url.href);
    } finally {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return work(client).finally(() => client.end());
}
