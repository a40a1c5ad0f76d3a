import type { ClientBase } from 'pg';
import type { EventContract } from '#events/defineEvent.ts';
import { root } from '#platform/root.ts';
import type { SubgraphName } from '../subgraphs.ts';

/** Restores continue at the seconds since this moment; see docs/adr/0005-restored-versions.md. */
const epoch = Date.UTC(2026, 0, 1);

/** Room below a restore's version for an aggregate's events of several types. */
const room = 1_000;

/** Sequences that clients hold places in, which must not be given out twice either. */
const sequences: Partial<Record<SubgraphName, { table: string; column: string }[]>> = {
  notifications: [{ table: 'feed', column: 'last_sequence' }],
};

/** Aggregates without a table: what is published of them once is all that there is. */
const tableless: Partial<Record<SubgraphName, readonly string[]>> = { users: ['letter'] };

/** Further tables with versions. An ended membership's go on should the person come back; projections compare them. */
const further: Partial<Record<SubgraphName, readonly string[]>> = { users: ['ended_membership', 'invitation'] };

/** The tables with a version of a subgraph's own: the aggregates that it publishes events of, by their names, and further ones. */
export async function versionedTablesOf(name: SubgraphName): Promise<string[]> {
  const contracts: Record<string, unknown> = await import(`${root}/events/${name}.ts`);
  const aggregates = Object.values(contracts)
    .filter((value): value is EventContract => typeof value === 'object' && value !== null && 'aggregate' in value)
    .map(({ aggregate }) => aggregate)
    .filter((aggregate) => !tableless[name]?.includes(aggregate));
  return [...new Set([...aggregates, ...(further[name] ?? [])])];
}

/** The highest version that a database has given out; 0 when it has none, or no such tables. */
export async function highestVersion(client: ClientBase): Promise<number> {
  const { rows } = await client.query(
    `select to_regclass('backbone.event') is not null as events, to_regclass('backbone.restore') is not null as restores`,
  );
  const highest = async (sql: string): Promise<number> =>
    Number((await client.query<{ version: number | null }>(sql)).rows[0]?.version ?? 0);
  return Math.max(
    rows[0].events ? await highest('select max(version) as version from backbone.event') : 0,
    rows[0].restores ? await highest('select max(version) as version from backbone.restore') : 0,
  );
}

/** The highest version that a database keeps of other subgraphs' aggregates, by the subgraph. */
export async function highestKept(client: ClientBase): Promise<Map<string, number>> {
  const kept = new Map<string, number>();
  const { rows: there } = await client.query(`select to_regclass('backbone.consumer') is not null as consumers`);
  if (!there[0].consumers) return kept;
  const { rows } = await client.query<{ stream: string; projection: string }>(
    `select stream, projection from backbone.consumer where projection is not null`,
  );
  for (const { stream, projection } of rows) {
    const table = client.escapeIdentifier(projection);
    const { rows: found } = await client.query(`select coalesce(max(version), 0)::int as version from ${table}`);
    kept.set(stream, Math.max(kept.get(stream) ?? 0, found[0].version));
  }
  return kept;
}

/** The version that a restore at this moment continues at, above everything that is known to have been given out. */
export function restoredVersion(now: Date, known: readonly number[]): number {
  const seconds = Math.floor((now.getTime() - epoch) / 1000);
  const version = Math.max(seconds, ...known.map((one) => one + room));
  if (version > 2_147_483_647) throw new Error(`There is no version above ${version - room}: it would not fit an Int`);
  return version;
}

/**
 * Lets every aggregate of a restored database continue at one version, above all that anybody has seen of it, and says
 * anew what each is like: the last event of each type is appended once more, in their order, the latest at that version.
 * They are marked as restated, so that projections take them and nobody is told a second time. Resolves with their number.
 */
export async function raiseVersions(
  client: ClientBase,
  name: SubgraphName,
  { version, takenAt }: { version: number; takenAt: string },
): Promise<number> {
  for (const table of await versionedTablesOf(name)) {
    await client.query(`update public.${client.escapeIdentifier(table)} set version = $1`, [version]);
  }
  for (const { table, column } of sequences[name] ?? []) {
    const escaped = client.escapeIdentifier(column);
    await client.query(`update public.${client.escapeIdentifier(table)} set ${escaped} = greatest(${escaped}, $1)`, [
      version,
    ]);
  }
  const { rowCount } = await client.query(
    `with latest as (
       select distinct on (aggregate_id, type) * from backbone.event order by aggregate_id, type, version desc
     ),
     ranked as (select *, row_number() over (partition by aggregate_id order by version desc, id desc) - 1 as place from latest),
     restated as (
       insert into backbone.event (id, aggregate, aggregate_id, version, type, time, actor_id, data, restated)
       select overlay(overlay(gen_random_uuid()::text placing left(backbone.uuid_at(clock_timestamp())::text, 13) from 1)
                placing '7' from 15)::uuid,
              aggregate, aggregate_id, $1 - place, type, clock_timestamp(), null, data, true
       from ranked order by aggregate_id, place desc
       returning id
     )
     insert into backbone.outbox (event_id) select id from restated`,
    [version],
  );
  await client.query('insert into backbone.restore (taken_at, version) values ($1, $2)', [takenAt, version]);
  return rowCount ?? 0;
}

/**
 * Leaves word for the consumers of a database: those that are `affected` (all of its own when it was restored, else those of
 * the restored publishers) begin anew at their streams' beginnings once the publisher has made its stream anew, and
 * projections are rebuilt. `versions` has the publishers that were restored. Resolves with the consumers' names.
 */
export async function renewConsumers(
  client: ClientBase,
  { restored, versions }: { restored: boolean; versions: ReadonlyMap<string, number> },
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `update backbone.consumer set renew_from = coalesce((select version from unnest($1::text[], $2::int[]) as r (stream, version)
       where r.stream = consumer.stream), 0)
     where $3 or stream = any($1) returning name`,
    [[...versions.keys()], [...versions.values()], restored],
  );
  const names = rows.map((row) => row.name);
  await client.query(
    `insert into backbone.rebuild (consumer) select name from backbone.consumer where name = any($1) and kind = 'state'
     on conflict (consumer) do update set requested_at = now(), attempt = null, phase = 'requested', waits_for = null`,
    [names],
  );
  return names;
}
