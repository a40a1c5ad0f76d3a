import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import pg from 'pg';
import { databaseOf } from '#dev/databases.ts';
import { type Child, startChild } from '#dev/servers/childProcess.ts';
import { root } from '#platform/root.ts';
import type { ConsumerInput } from '../programs/consumer.ts';
import type { RelayInput } from '../programs/relay.ts';
import type { Stage } from './startStage.ts';

/** A subgraph reduced to its backbone: a database, a stream, and programs that publish and consume on the real platform. */
export type Workshop = {
  /** The stream's name, and the publisher's. */
  stream: string;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** The number that `select count(*) from …` gives. */
  count(from: string, values?: unknown[]): Promise<number>;
  /** How many effects there are so far at the consumer that has fewer: one works with a handler, one with a statement. */
  affected(where?: string): Promise<number>;
  outcome(): Promise<Outcome>;
  startRelay(input?: Partial<RelayInput>): Promise<Child>;
  startConsumer(input?: Partial<ConsumerInput>): Promise<Child>;
};

/** What has become of the facts: they have to have one effect of each of the two consumers. */
export type Outcome = {
  /** Events that have had the effect of the handler. */
  handled: number;
  /** Events that have had the effect of the statement. */
  stated: number;
  /** Events that have had both. */
  both: number;
  /** Effects beyond the first one of an event, at either consumer. */
  twice: number;
};

const outcomeSql = `
  with handled as (select event_id, count(*)::int as n from effect group by event_id),
    stated as (select event_id, count(*)::int as n from stated group by event_id)
  select (select count(*)::int from handled) as handled, (select count(*)::int from stated) as stated,
    (select count(*)::int from handled join stated using (event_id)) as both,
    (select coalesce(sum(n - 1), 0)::int from (select n from handled union all select n from stated) as each) as twice`;

const tables = `
  create table thing (id uuid primary key, version int not null default 0);
  create table effect (
    consumer text not null, event_id uuid not null, aggregate_id uuid not null, version int not null, name text not null,
    event_time timestamptz not null, at timestamptz not null default clock_timestamp()
  );
  create table stated (
    event_id uuid not null, name text not null, event_time timestamptz not null,
    at timestamptz not null default clock_timestamp()
  );
  create table projection (aggregate_id uuid primary key, version int not null);
  create table cured (name text primary key);
`;

/**
 * Makes a database (a copy of the migrated one of tasks) and a stream's name for one scenario, and the programs to go with
 * them. `effect` and `stated` have no key at all: what happens twice is there twice.
 */
export async function openWorkshop(stage: Stage, name: string): Promise<Workshop> {
  const { system, scope } = stage;
  const stream = `${name}-${stage.random.seed}`;
  const database = stream.replaceAll('-', '_');
  const admin = new pg.Client({ connectionString: system.urls.postgres });
  await admin.connect();
  try {
    const login = databaseOf('tasks');
    await admin.query(`create database ${database} template ${login} owner ${login}`);
  } finally {
    await admin.end();
  }
  const url = new URL(system.urls.databases.tasks);
  url.pathname = `/${database}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  pool.on('error', () => {});
  scope.defer('workshop', () => pool.end());
  await pool.query(tables);

  let started = 0;
  const start = async (program: 'relay' | 'consumer', input: object): Promise<Child> => {
    const file = await bundle(program);
    const child = await startChild({
      name: `${program} ${++started}`,
      command: process.execPath,
      args: ['--enable-source-maps', file, JSON.stringify(input)],
      cwd: root,
      env: { ...process.env },
      output: { file: path.join(system.dataDir, 'logs', `${stream}.log`) },
    });
    scope.defer(child.name, () => child.kill());
    return child;
  };
  const count = async (from: string, values?: unknown[]) =>
    Number((await pool.query(`select count(*) as n from ${from}`, values)).rows[0].n);
  const common = { databaseUrl: url.href, natsUrl: system.urls.nats, stream };
  return {
    stream,
    sql: async (text, values) => (await pool.query(text, values)).rows,
    count,
    affected: async (where = 'true') =>
      Math.min(...(await Promise.all(['effect', 'stated'].map((table) => count(`${table} where ${where}`))))),
    outcome: async () => (await pool.query(outcomeSql)).rows[0],
    startRelay: (input = {}) => start('relay', { ...common, ...input }),
    startConsumer: (input = {}) => start('consumer', { ...common, ...input }),
  };
}

const bundles = new Map<string, Promise<string>>();

/** Bundles a program as the services are, so that it starts without a TypeScript loader. */
function bundle(program: string): Promise<string> {
  const file = path.join(root, 'dist', 'faults', `${program}.js`);
  const known = bundles.get(program);
  if (known) return known;
  rmSync(file, { force: true });
  const built = build({
    absWorkingDir: root,
    entryPoints: [`e2e/faults/programs/${program}.ts`],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'silent',
  }).then(() => file);
  bundles.set(program, built);
  return built;
}
