import { createOutbox } from '#platform/outbox/createOutbox.ts';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import type { Ground } from '../ground.ts';
import { round } from '../statistics.ts';
import { connectBackbone, type Transaction } from './backbone.ts';
import { type Bounds, showBounds } from './bounds.ts';

/** How the sweeper works off a backlog. */
export type DrainFigures = { events: number; inStream: number; seconds: number; perSecond: number; bounds: Bounds };

/** A history of so many events that nobody has published, as an outage of NATS leaves it. */
const fillSql = `
  with fact as (
    insert into backbone.event (id, aggregate, aggregate_id, version, type, time, data)
    select overlay(overlay(gen_random_uuid()::text placing left(backbone.uuid_at(now() - make_interval(secs => $1::int - n))::text, 13) from 1)
             placing '7' from 15)::uuid,
           'thing', gen_random_uuid(), 1, 'drained.thing.changed.v1', now(),
           jsonb_build_object('key', gen_random_uuid(), 'title', 'A title of the length that titles of tasks have, give or take a word')
    from generate_series(1, $1::int) as n
    returning id
  )
  insert into backbone.outbox (event_id, created_at) select id, now() - interval '1 minute' from fact`;

/** Fills an outbox, then starts a relay, and takes the time until the outbox is empty. The stream is counted at the end. */
export async function measureDrain({ system, database }: Ground, events: number): Promise<DrainFigures> {
  const scope = createScope({ seconds: 20 });
  try {
    const databaseUrl = await database('drained');
    const backbone = connectBackbone({ databaseUrl, natsUrl: system.urls.nats, service: 'drained', scope });
    const { pool, nats } = backbone;
    await pool.query(fillSql, [events]);
    await pool.query('vacuum analyze backbone.event; ').catch(() => {});
    await nats.whenConnected(scope.signal);
    const begin = performance.now();
    createOutbox<Transaction>({ ...backbone, publisher: 'drained', sweep: true });
    const isEmpty = async () => (await pool.query('select from backbone.outbox limit 1')).rowCount === 0;
    await waitFor(isEmpty, { timeoutMs: 600_000, everyMs: 100 });
    const seconds = (performance.now() - begin) / 1000;
    const info = await nats.manager()?.streams.info('drained');
    const perSecond = Math.round(events / seconds);
    return {
      events,
      inStream: info?.state.messages ?? 0,
      seconds: round(seconds),
      perSecond,
      bounds: { 'drained, events/s': { value: perSecond, bound: 'at least 5000' } },
    };
  } finally {
    await scope.close();
  }
}

/** The figures as text. */
export const showDrain = ({ events, inStream, seconds, perSecond, bounds }: DrainFigures): string =>
  `The sweeper works off a backlog: ${events} events in ${seconds} s, ${perSecond} events/s (${inStream} in the stream)\n${showBounds(bounds)}`;
