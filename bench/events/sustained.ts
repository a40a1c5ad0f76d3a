import pg from 'pg';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { cpuSeconds } from '../cpuSeconds.ts';
import type { Ground } from '../ground.ts';
import { round } from '../statistics.ts';
import { type Bounds, showBounds } from './bounds.ts';
import type { WriterAnswer, WriterRequest } from './programs/writer.ts';
import { startProgram } from './startProgram.ts';

/** The highest rate that was held with the lag bounded, and what an event costs there. */
export type SustainedFigures = {
  /** Events a second; 0 when even the lowest rate could not be held. */
  perSecond: number;
  seconds: number;
  committed: number;
  /** Effects in the database at the end. */
  handled: number;
  /** The most events that were committed and not handled, sampled each half second. */
  lag: number;
  /** CPU milliseconds per event; null where /proc does not tell. */
  cpu: Record<string, number | null>;
  /** The rates that were tried, and whether they were held. */
  tried: { perSecond: number; held: boolean; lag: number }[];
  /** What held means at that rate. */
  bounds: Bounds;
};

/** A lag of more than what comes in so many seconds counts as not bounded. */
const boundSeconds = 2;

type Run = WriterAnswer & { lag: number; held: boolean; cpu: Record<string, number | null> };

/** Tries rising rates for some seconds each, and holds the highest that passes; if it does not hold, the one below. */
export async function measureSustained(
  { system, database }: Ground,
  size: { rates: readonly number[]; probeSeconds: number; holdSeconds: number },
): Promise<SustainedFigures> {
  const scope = createScope({ seconds: 20 });
  try {
    const url = await database('sustained');
    const sql = new pg.Pool({ connectionString: url, max: 1 });
    sql.on('error', () => {});
    scope.defer('sql', () => sql.end());
    await sql.query('create table effect (event_id uuid primary key, title text not null)');
    const input = { databaseUrl: url, natsUrl: system.urls.nats, stream: 'sustained' };
    const writer = await startProgram('writer', input, scope);
    const consumer = await startProgram('consumer', input, scope);
    const pids = {
      'commit and relay': writer.pid,
      consumer: consumer.pid,
      NATS: system.servers.nats?.pid(),
      Postgres: system.servers.postgres?.pid(),
    };
    const count = async (from: string) => Number((await sql.query(`select count(*) as n from ${from}`)).rows[0].n);
    const lagNow = async () => (await count('backbone.event')) - (await count('effect'));
    const caughtUp = () => waitFor(async () => (await lagNow()) === 0, { timeoutMs: 120_000, everyMs: 250 });

    const run = async (request: WriterRequest): Promise<Run> => {
      const used = () =>
        Object.entries(pids).map(([name, pid]): [string, number | undefined] => [name, cpuSeconds(pid)]);
      const before = new Map(used());
      let lag = 0;
      const sampling = setInterval(
        () =>
          void lagNow()
            .then((now) => (lag = Math.max(lag, now)))
            .catch(() => {}),
        500,
      );
      const answer = await writer.ask<WriterAnswer>(request);
      clearInterval(sampling);
      const atEnd = await lagNow();
      lag = Math.max(lag, atEnd);
      await caughtUp();
      const cpu = used().map(([name, after]): [string, number | null] => {
        const at = before.get(name);
        return [name, after === undefined || at === undefined ? null : round(((after - at) * 1000) / answer.committed)];
      });
      const inTime = answer.seconds < request.seconds + boundSeconds && answer.failed === 0;
      return { ...answer, lag, held: inTime && lag < request.perSecond * boundSeconds, cpu: Object.fromEntries(cpu) };
    };

    await run({ perSecond: 50, seconds: 1 });
    const tried: SustainedFigures['tried'] = [];
    const passed: number[] = [];
    for (const perSecond of size.rates) {
      const { held, lag } = await run({ perSecond, seconds: size.probeSeconds });
      tried.push({ perSecond, held, lag });
      if (!held) break;
      passed.unshift(perSecond);
    }
    for (const perSecond of passed) {
      const { held, lag, committed, cpu, seconds } = await run({ perSecond, seconds: size.holdSeconds });
      tried.push({ perSecond, held, lag });
      if (!held) continue;
      const bounds = { 'lag, events': { value: lag, bound: `below ${perSecond * boundSeconds}` } };
      return { perSecond, seconds: round(seconds), committed, handled: await count('effect'), lag, cpu, tried, bounds };
    }
    return {
      perSecond: 0,
      seconds: 0,
      committed: 0,
      handled: await count('effect'),
      lag: 0,
      cpu: {},
      tried,
      bounds: {},
    };
  } finally {
    await scope.close();
  }
}

/** The figures as text. */
export const showSustained = ({ perSecond, seconds, lag, cpu, tried, bounds }: SustainedFigures): string =>
  [
    `Held for ${seconds} s with the lag bounded: ${perSecond} events/s (lag at most ${lag} events)`,
    `  tried ${tried.map((one) => `${one.perSecond}/s ${one.held ? 'held' : 'not held'} (lag ${one.lag})`).join(', ')}`,
    `  CPU per event, ms: ${Object.entries(cpu)
      .map(([name, value]) => `${name} ${value ?? 'unknown'}`)
      .join(', ')}`,
    showBounds(bounds),
  ].join('\n');
