import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backboneMigrations, lackingBackbone } from '#platform/database/backboneMigrations.ts';
import { listMigrationNames } from '#platform/database/migrationFiles.ts';
import { root } from '#platform/root.ts';
import { subgraphs } from '../subgraphs.ts';
import { diffSchemas } from './schemaEngine.ts';

/** Where a subgraph's schema, its migrations and the schema that these build lie. */
export function schemaPaths(name: string, folder = join(root, 'prisma')) {
  const migrations = join(folder, name, 'migrations');
  return { schema: join(folder, name, 'schema.prisma'), migrations, migrated: join(migrations, 'schema.prisma') };
}

/**
 * Writes a subgraph's next migration: what changed in schema.prisma since the last one. `migrations/schema.prisma` is the
 * schema that the migrations build; it is brought up to date along with each, and the check proves that it is true.
 *
 * @returns the migration's name and SQL, or null when the tables need no change
 */
export async function writeMigration(
  { subgraph, title, folder }: { subgraph: string; title: string; folder?: string },
  now = new Date(),
): Promise<{ name: string; sql: string } | null> {
  if (!/^[a-z][a-z0-9_]*$/.test(title)) throw new Error('Name the migration in lower case, like add_labels');
  const paths = schemaPaths(subgraph, folder);
  const schema = readFileSync(paths.schema, 'utf8');
  const sql = await diffSchemas(existsSync(paths.migrated) ? readFileSync(paths.migrated, 'utf8') : null, schema);
  if (sql === '') {
    mkdirSync(paths.migrations, { recursive: true });
    writeFileSync(paths.migrated, schema);
    return null;
  }
  mkdirSync(paths.migrations, { recursive: true });
  const name = `${await nextTimestamp(paths.migrations, now)}_${title}`;
  mkdirSync(join(paths.migrations, name));
  writeFileSync(join(paths.migrations, name, 'migration.sql'), sql);
  writeFileSync(paths.migrated, schema);
  return { name, sql };
}

/**
 * Copies the backbone migrations that a subgraph lacks from one that has them, under their names: a new subgraph has none.
 * @returns what was copied and from where, or null when nothing was lacking
 */
export async function copyBackbone({
  subgraph,
  folder = join(root, 'prisma'),
}: {
  subgraph: string;
  folder?: string;
}): Promise<{ from: string; names: string[] } | null> {
  const namesOf = async (name: string) => {
    const { migrations } = schemaPaths(name, folder);
    return existsSync(migrations) ? listMigrationNames(migrations) : [];
  };
  const lacking = lackingBackbone(await namesOf(subgraph));
  if (lacking.length === 0) return null;
  for (const from of subgraphs) {
    if (lackingBackbone(await namesOf(from)).length > 0) continue;
    const [source, target] = [schemaPaths(from, folder).migrations, schemaPaths(subgraph, folder).migrations];
    for (const name of [...lacking, 'migration_lock.toml']) {
      cpSync(join(source, name), join(target, name), { recursive: true });
    }
    return { from, names: lacking };
  }
  throw new Error(`No subgraph has all of ${backboneMigrations.join(', ')}`);
}

/** Now as YYYYMMDDHHMMSS in UTC, as Prisma has it, but always after the newest migration, so that the order holds. */
async function nextTimestamp(migrations: string, now: Date): Promise<string> {
  const newest = (await listMigrationNames(migrations)).at(-1)?.slice(0, 14) ?? '0';
  const timestamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  return timestamp > newest ? timestamp : String(BigInt(newest) + 1n);
}

/** Statements that the previous code would not survive, or that lose data. */
function contracts(sql: string): string[] {
  return sql.split('\n').filter((line) => /\bDROP\b|\bSET NOT NULL\b|\bRENAME\b|ALTER COLUMN .* TYPE/.test(line));
}

if (process.argv[1] === import.meta.filename) {
  const [subgraph = '', title = ''] = parseArgs({ allowPositionals: true }).positionals;
  if (!subgraphs.some((name) => name === subgraph) || title === '') {
    console.error(`Usage: npm run db:diff -- <${subgraphs.join('|')}> <what_changes>`);
    process.exit(1);
  }
  try {
    if (!existsSync(schemaPaths(subgraph).schema)) throw new Error(`Write prisma/${subgraph}/schema.prisma first.`);
    const backbone = await copyBackbone({ subgraph });
    if (backbone) console.log(`Copied from ${backbone.from}: ${backbone.names.join(', ')}. Commit them as well.\n`);
    const migration = await writeMigration({ subgraph, title });
    if (!migration) {
      console.log(`The migrations of ${subgraph} already build its schema.prisma.`);
    } else {
      console.log(
        `${migration.sql}\nprisma/${subgraph}/migrations/${migration.name}/migration.sql: read it, then commit it.`,
      );
      const risky = contracts(migration.sql);
      if (risky.length > 0) {
        console.log(
          `\nThe previous commit's code must run on the new tables, and this takes away or loses something:\n` +
            `${risky.map((line) => `  ${line.trim()}`).join('\n')}\n` +
            'Ship it only after code that no longer needs it, and add what moves the data.',
        );
      }
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
