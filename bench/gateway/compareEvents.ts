import { isDeepStrictEqual } from 'node:util';
import { cpuSeconds } from '../cpuSeconds.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Gateway } from './gateways.ts';
import type { ReplayRequest } from './programs/replay.ts';
import type { EventsAnswer } from './runEvents.ts';
import type { Program } from './startProgram.ts';

/** What an event costs. `cpu`: microseconds of the gateway's process per event. */
export type EventWay = { cpu: Spread; perSecond: Spread; p50: Spread; p99: Spread; sent: number; received: number };

export type EventFigures = {
  /** Bytes of a message to a client. */
  bytes: number;
  subscribers: number;
  rounds: number;
  /** Gateways whose message isn't that of the first. */
  unequal: string[];
  ways: Record<string, EventWay>;
};

export type EventSize = { rounds: number; events: number; warmEvents: number; subscribers: number };

/** Asks the replays, and waits for the answer. */
export const askReplay = <A>(replay: Program, request: ReplayRequest): Promise<A> => replay.ask<A>(request);

/** Sends events through each gateway in turns, as fast as it takes them: one is under way for each subscriber. */
export async function compareEvents(
  gateways: readonly Gateway[],
  replay: Program,
  { rounds, events, warmEvents, subscribers }: EventSize,
): Promise<EventFigures> {
  const messages = new Map<string, string>();
  const runs = new Map(gateways.map(({ name }) => [name, [] as (EventsAnswer & { cpu: number })[]]));
  for (let number = 0; number < rounds; number += 1) {
    for (const { name, url, headers, pid } of number % 2 ? [...gateways].reverse() : gateways) {
      await askReplay(replay, { kind: 'open', url, headers, count: subscribers });
      messages.set(name, (await askReplay<{ message: string }>(replay, { kind: 'one' })).message);
      await askReplay(replay, { kind: 'closed', events: number === 0 ? warmEvents : subscribers });
      const before = cpuSeconds(pid) ?? Number.NaN;
      const answer = await askReplay<EventsAnswer>(replay, { kind: 'closed', events });
      const cpu = ((cpuSeconds(pid) ?? Number.NaN) - before) * 1e6;
      runs.get(name)?.push({ ...answer, cpu: cpu / answer.received });
      await askReplay(replay, { kind: 'close' });
    }
  }
  const [first = ''] = messages.values();
  const payloadOf = (message: string) => JSON.parse(message).payload;
  return {
    bytes: Buffer.byteLength(first),
    subscribers,
    rounds,
    unequal: [...messages]
      .filter(([, one]) => !isDeepStrictEqual(payloadOf(one), payloadOf(first)))
      .map(([name]) => name),
    ways: Object.fromEntries([...runs].map(([name, all]) => [name, wayOf(all)])),
  };
}

function wayOf(runs: readonly (EventsAnswer & { cpu: number })[]): EventWay {
  return {
    cpu: spreadOf(runs.map(({ cpu }) => cpu)),
    perSecond: spreadOf(runs.map(({ received, seconds }) => received / seconds)),
    p50: spreadOf(runs.map(({ p50 }) => p50)),
    p99: spreadOf(runs.map(({ p99 }) => p99)),
    sent: runs.reduce((sum, { sent }) => sum + sent, 0),
    received: runs.reduce((sum, { received }) => sum + received, 0),
  };
}
