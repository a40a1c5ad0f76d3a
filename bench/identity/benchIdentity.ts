import { availableParallelism, loadavg } from 'node:os';
import { createScope } from '#platform/service/scope.ts';
import { type Ground, startGround } from '../ground.ts';
import type { Bench, Size } from '../main.ts';
import { measureCalls, showCalls } from './measureCalls.ts';
import { measureEnumeration, showEnumeration } from './measureEnumeration.ts';
import { measureStorm, showStorm } from './measureStorm.ts';
import { measureTokens, showTokens } from './measureTokens.ts';

const sizes = {
  full: {
    tokens: { rounds: 7, calls: 300_000, firsts: 3_000, tokens: 2_000 },
    calls: { rounds: 7, calls: 60_000 },
    storm: { rounds: 6, seconds: 10, perSecond: 100, clients: 150 },
    enumeration: { accounts: 200 },
  },
  short: {
    tokens: { rounds: 5, calls: 100_000, firsts: 1_000, tokens: 2_000 },
    calls: { rounds: 5, calls: 20_000 },
    storm: { rounds: 3, seconds: 6, perSecond: 100, clients: 150 },
    enumeration: { accounts: 100 },
  },
  smoke: {
    tokens: { rounds: 1, calls: 500, firsts: 20, tokens: 10 },
    calls: { rounds: 1, calls: 100 },
    storm: { rounds: 1, seconds: 2, perSecond: 20, clients: 150 },
    enumeration: { accounts: 4 },
  },
} satisfies Record<Size, object>;

const parts = ['tokens', 'calls', 'storm', 'enumeration'] as const;
type Part = (typeof parts)[number];

/** What identity costs: tokens, signatures, passwords (bench/README.md says what each figure means). */
export const benchIdentity: Bench = async ({ size, part, print }) => {
  if (part !== undefined && !parts.some((known) => known === part)) {
    throw new Error(`The identity bench has no part "${part}": ${parts.join(', ')}`);
  }
  const chosen = sizes[size];
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  const busy = load > cores / 2 ? ': others are at work, expect worse' : '';
  print(`${cores} cores; load ${load.toFixed(1)} before the start${busy}\n`);
  const scope = createScope({ seconds: 20 });
  const leave = () => void scope.close().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const section = async <Figures>(
    name: Part,
    measure: () => Promise<Figures>,
    show: (figures: Figures) => string,
  ): Promise<Record<string, Figures>> => {
    if (part !== undefined && part !== name) return {};
    const figures = await measure();
    print(`${show(figures)}\n`);
    return { [name]: figures };
  };
  let ground: Ground | undefined;
  const onGround = async () => {
    // One client is everybody here: the limits of an address are for somebody else's test.
    ground ??= await startGround(['users', 'gateway'], { users: { LOGINS_PER_ADDRESS: '1000000' } });
    return ground;
  };
  try {
    return {
      machine: { cores, load: Number(load.toFixed(1)), node: process.version },
      ...(await section('tokens', () => measureTokens(chosen.tokens, scope), showTokens)),
      ...(await section('calls', () => measureCalls(chosen.calls), showCalls)),
      ...(await section('storm', async () => measureStorm(chosen.storm, await onGround()), showStorm)),
      ...(await section(
        'enumeration',
        async () => measureEnumeration(chosen.enumeration, await onGround()),
        showEnumeration,
      )),
    };
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await ground?.scope.close();
    await scope.close();
  }
};
