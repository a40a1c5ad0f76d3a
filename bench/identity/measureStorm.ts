import { register } from '../../e2e/person.ts';
import type { Ground } from '../ground.ts';
import { type Spread, showSpread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';
import { makeAccounts, password } from './people.ts';
import type { SteadyAnswer, SteadyRequest } from './programs/steady.ts';
import type { StormAnswer, StormRequest } from './programs/storm.ts';
import { startProgram } from './startProgram.ts';

/** How long `me` takes through the gateway, at rest and while many log in; milliseconds. */
export type StormFigures = {
  clients: number;
  perSecond: number;
  idle: { p50: Spread; p99: Spread; failed: number };
  storm: { p50: Spread; p99: Spread; failed: number };
  /** Storm to idle, within a round. */
  ratio: Spread;
  logins: { perSecond: number; refused: number; other: number; codes: string[]; mostRetryAfter: number };
};

const limit = 5;

/** In turns: `me` at a steady rate with nothing else, and the same while more clients log in than the queue has room for. */
export async function measureStorm(
  size: { rounds: number; seconds: number; perSecond: number; clients: number },
  { system, scope }: Ground,
): Promise<StormFigures> {
  const { rounds, seconds, perSecond, clients } = size;
  const { graphql: url } = system.urls;
  const accounts = (await makeAccounts(system, clients)).map((email) => ({ email, password }));
  const viewer = await register(system, 'Viewer');
  const [steady, storming] = await Promise.all([startProgram('steady', scope), startProgram('storm', scope)]);
  const request: SteadyRequest = {
    ...{ url, perSecond, seconds, body: JSON.stringify({ query: '{ me { id name email } }' }) },
    headers: { authorization: `Bearer ${viewer.token}` },
  };
  const ask = () => steady.ask<SteadyAnswer>(request);
  await ask();
  const turns: { idle: SteadyAnswer; storm: SteadyAnswer; logins: StormAnswer }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const idle = await ask();
    const done = storming.ask<StormAnswer>({ url, accounts, seconds: seconds + 2 } satisfies StormRequest);
    // The queue fills first.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const storm = await ask();
    turns.push({ idle, storm, logins: await done });
  }
  const sum = (of: (logins: StormAnswer) => number) => turns.reduce((total, { logins }) => total + of(logins), 0);
  const spread = (of: (turn: (typeof turns)[number]) => number) => spreadOf(turns.map(of));
  const figures = (way: 'idle' | 'storm') => ({
    ...{ p50: spread((turn) => turn[way].p50), p99: spread((turn) => turn[way].p99) },
    failed: turns.reduce((total, turn) => total + turn[way].failed, 0),
  });
  return {
    clients,
    perSecond,
    idle: figures('idle'),
    storm: figures('storm'),
    ratio: spread(({ idle, storm }) => storm.p99 / idle.p99),
    logins: {
      perSecond: Math.round(sum(({ ok }) => ok) / (rounds * (seconds + 2))),
      refused: sum(({ refused }) => refused),
      other: sum(({ other }) => other),
      codes: [...new Set(turns.flatMap(({ logins }) => logins.codes))],
      mostRetryAfter: Math.max(...turns.map(({ logins }) => logins.mostRetryAfter)),
    },
  };
}

/** The figures as text. */
export const showStorm = ({ clients, perSecond, idle, storm, ratio, logins }: StormFigures): string =>
  [
    `me through the gateway, ${perSecond} a second, ms; at rest, and while ${clients} clients log in as fast as they may`,
    table(
      ['', 'p50', 'p99', 'failed'],
      [
        ['at rest', showSpread(idle.p50), showSpread(idle.p99), idle.failed],
        ['storm', showSpread(storm.p50), showSpread(storm.p99), storm.failed],
      ],
    ),
    `  p99, storm to rest: ${showSpread(ratio)}, of the ${limit} that it may`,
    `  ${logins.perSecond} logins a second; ${logins.refused} refused with TOO_BUSY (retryAfter up to ${logins.mostRetryAfter} s), ${logins.other} otherwise ${logins.codes.join(', ')}`.trimEnd(),
  ].join('\n');
