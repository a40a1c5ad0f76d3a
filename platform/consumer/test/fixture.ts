import { Registry } from 'prom-client';
import { newId } from '#platform/ids.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import type { StoredEvent } from '#platform/outbox/event.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/index.ts';
import { type TestTransaction, ThingChanged, testBackbone, thing } from '#platform/testing/testBackbone.ts';
import { type Consumer, factConsumer, stateConsumer } from '../defineConsumer.ts';
import { runConsumers } from '../runConsumers.ts';

/** What handlers of these tests have seen. */
export type Effects = { seen: string[]; followed: string[] };

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** The projection of things, in a table of the tests' own. */
export const things = defineProjection<{ id: string; name: string; version: number }>({
  table: 'thing',
  columns: { id: 'id', name: 'name' },
  key: ['id'],
});

/** Keeps things. */
export const projection = stateConsumer({
  name: 'test-projection',
  events: [ThingChanged],
  projection: things,
  row: (event) => ({ id: event.aggregateId, name: event.data.thing.name }),
});

/** Writes a row for each time that an event takes effect; a careless one does not look at whether it could. */
export const effect = (
  more: { fail?: (name: string) => unknown; follow?: (name: string) => unknown; careless?: boolean } = {},
) =>
  factConsumer<TestTransaction, Effects, [typeof ThingChanged]>({
    name: 'test-effect',
    events: [ThingChanged],
    async handle(tx, event, deps) {
      const { name } = event.data.thing;
      deps.seen.push(name);
      const written = tx.$executeRaw`insert into effect (event_id, name) values (${event.id}::uuid, ${name})`;
      await (more.careless ? written.catch(() => {}) : written);
      await more.fail?.(name);
    },
    async afterCommit(event, deps) {
      deps.followed.push(event.data.thing.name);
      await more.follow?.(event.data.thing.name);
    },
  });

/** A stored event of a thing. */
export const stored = (name: string, more: Partial<StoredEvent> = {}): StoredEvent => ({
  id: newId(),
  aggregate: 'thing',
  aggregateId: newId(),
  version: 1,
  type: ThingChanged.type,
  time: new Date(),
  actorId: null,
  data: { thing: { name } },
  changes: {},
  traceparent: null,
  ...more,
});

/** A backbone with the tests' tables, and what a test does with it. */
export async function startFixture(options: { sweep?: boolean } = {}) {
  const backbone = await testBackbone(options);
  const { pool } = backbone.database;
  await pool.query(`
    create table effect (event_id uuid not null, name text not null);
    create table thing (id uuid primary key, name text not null, version int not null)`);
  await waitFor(() => backbone.outbox.publishing());
  const rows = async (sql: string, ...values: unknown[]) => (await pool.query(sql, values)).rows;
  return {
    ...backbone,
    rows,
    /** Runs consumers as a process would, until `stop` or the end of the test. */
    run(consumers: Consumer<TestTransaction, Effects>[], more: { effects?: Effects; consume?: boolean } = {}) {
      const { effects = { seen: [], followed: [] }, consume } = more;
      const scope = createScope();
      backbone.scope.defer('consumers of the test', () => scope.close());
      const registry = new Registry();
      const running = runConsumers({ ...backbone, scope, registry, consumers, deps: effects, consume });
      return { effects, running, registry, stop: () => scope.close() };
    },
    /** Commits a thing of each name. */
    commit: (...names: string[]) =>
      backbone.outbox.commit(async (_tx, record) => {
        for (const name of names) record(ThingChanged, thing(name));
      }),
    /** Commits the versions of one thing, each under its own name. */
    async versions(aggregateId: string, count: number) {
      for (let version = 1; version <= count; version++) {
        await backbone.outbox.commit(async (_tx, record) =>
          record(ThingChanged, thing(`v${version}`, { aggregateId, version })),
        );
      }
    },
    /** Puts a message straight into the stream, without a message id: the stream can't notice a second copy. */
    async deliver(event: StoredEvent, text = encodeEnvelope(event)) {
      await waitFor(() =>
        backbone.nats
          .jetstream()
          ?.publish(subjectOf(event), text)
          .catch(() => null),
      );
    },
    /** What a consumer has still to acknowledge. */
    async unhandled(consumer: string) {
      const info = await backbone.nats.manager()?.consumers.info('tasks', consumer);
      return info ? info.num_pending + info.num_ack_pending : Number.NaN;
    },
    /** Asks for a rebuild, as `npm run events -- rebuild` does. */
    askForRebuild: (consumer: string) => pool.query('insert into backbone.rebuild (consumer) values ($1)', [consumer]),
    /** Asks to replay what a consumer has put aside. */
    askForReplay: (consumer: string) =>
      pool.query('update backbone.dead_letter set replay_at = now() where consumer = $1', [consumer]),
    letters: (consumer: string) => backbone.count('backbone.dead_letter where consumer = $1', consumer),
    letter: async (consumer: string) =>
      (await rows('select * from backbone.dead_letter where consumer = $1', consumer))[0],
  };
}
