import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { migrate } from '#platform/database/migrate.ts';
import { readMigrations } from '#platform/database/migrationFiles.ts';
import { root } from '#platform/root.ts';
import { emptyDatabase, type TestDatabase } from '#platform/testing/index.ts';
import { openSchemaEngine } from './schemaEngine.ts';

jest.setTimeout(30_000);

const directory = join(root, 'prisma/tasks/migrations');
const filters = { externalTables: [], externalEnums: [] };
const log = { info: () => undefined, warn: () => undefined };
let ours: TestDatabase;
let theirs: TestDatabase;
const pools: pg.Pool[] = [];

beforeEach(async () => {
  [ours, theirs] = await Promise.all([emptyDatabase('tasks'), emptyDatabase('tasks')]);
});
afterEach(async () => {
  await closePrisma();
  await Promise.all([ours.drop(), theirs.drop()]);
});

/**
 * Prisma's own engine on a database. Its adapter for pg would cut a script at each ';', also within a function or a comment;
 * the binary, which migrate deploy uses, sends it whole, and so does this.
 */
async function prismaOn(database: TestDatabase): Promise<SchemaEngine> {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  pools.push(pool);
  const factory = new PrismaPg(pool);
  const whole: SqlMigrationAwareDriverAdapterFactory = {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      adapter.executeScript = async (script) => {
        await pool.query(script).catch((error: pg.DatabaseError) => {
          const { code = '', severity = '', message, detail, column, hint } = error;
          throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
        });
      };
      return adapter;
    },
    connectToShadowDb: () => Promise.reject(new Error('not needed')),
  };
  return openSchemaEngine(whole);
}

/** Ends Prisma's session, and with it its advisory lock. */
async function closePrisma(): Promise<void> {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
}

async function migrationsList(extra?: { name: string; script: string }): Promise<MigrationList> {
  const files = [...(await readMigrations(directory)), ...(extra ? [extra] : [])];
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(directory, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: files.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
    })),
  };
}

const run = (database: TestDatabase, mode: 'apply' | 'check') =>
  migrate({ url: database.url, name: 'tasks', mode, log });

/** The history table's rows without what differs each time, and its columns and constraints. */
async function history({ pool }: TestDatabase) {
  const rows = await pool.query(
    `SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count, finished_at >= started_at AS finished
       FROM _prisma_migrations ORDER BY started_at`,
  );
  const columns = await pool.query(
    `SELECT attname, attnum, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  const constraints = await pool.query(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '_prisma_migrations'::regclass ORDER BY 1",
  );
  return { rows: rows.rows, columns: columns.rows, constraints: constraints.rows };
}

describe("beside Prisma's own engine", () => {
  it('the same history is written', async () => {
    await run(ours, 'apply');
    const engine = await prismaOn(theirs);
    const list = await migrationsList();
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: list, filters });
    expect(appliedMigrationNames).toEqual((await readMigrations(directory)).map((file) => file.name));
    expect(await history(ours)).toEqual(await history(theirs));
  });

  it('it goes on where we stopped', async () => {
    await run(ours, 'apply');
    const engine = await prismaOn(ours);
    const diagnosis = await engine.diagnoseMigrationHistory({
      migrationsList: await migrationsList(),
      optInToShadowDatabase: false,
      filters,
    });
    expect(diagnosis).toMatchObject({ history: null, editedMigrationNames: [], failedMigrationNames: [] });
    const list = await migrationsList({ name: '20990101000000_next', script: 'SELECT 1' });
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: list, filters });
    expect(appliedMigrationNames).toEqual(['20990101000000_next']);
  });

  it('we go on where it stopped', async () => {
    const engine = await prismaOn(theirs);
    const list = await migrationsList();
    list.migrationDirectories.pop();
    await engine.applyMigrations({ migrationsList: list, filters });
    await closePrisma();
    await run(theirs, 'apply');
    await run(theirs, 'check');
  });

  it('each stops at what failed for the other', async () => {
    const engine = await prismaOn(theirs);
    const list = await migrationsList({ name: '20261120000050_bad', script: 'SELECT 1/0' });
    await expect(engine.applyMigrations({ migrationsList: list, filters })).rejects.toThrow(/division by zero/);
    await closePrisma();
    await expect(run(theirs, 'check')).rejects.toThrow(
      /20261120000050_bad of tasks.*has not finished: .*division by zero/,
    );

    await run(ours, 'apply');
    await ours.pool.query(
      "UPDATE _prisma_migrations SET finished_at = NULL, logs = 'cut off' WHERE migration_name = '20261120000100_init'",
    );
    const other = await prismaOn(ours);
    await expect(other.applyMigrations({ migrationsList: await migrationsList(), filters })).rejects.toThrow(
      /20261120000100_init.*failed/s,
    );
  });
});
