import { newId } from '#platform/ids.ts';
import { ask } from '../../e2e/person.ts';
import type { Ground } from '../ground.ts';
import { percentile, round } from '../statistics.ts';
import { makeAccounts } from './people.ts';

/** How long answers take about accounts that are there and accounts that aren't: medians, milliseconds. */
export type EnumerationFigures = Record<
  'login' | 'reset',
  { accounts: number; known: number; unknown: number; ratio: number; bodies: number }
>;

const operations = {
  login: (email: string) => ({
    query: 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
    input: { email, password: 'not the password of anybody' },
  }),
  reset: (email: string) => ({
    query: 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { email } }',
    input: { email },
  }),
};

/** Known and unknown in turns, one at a time, each account once. */
export async function measureEnumeration(size: { accounts: number }, { system }: Ground): Promise<EnumerationFigures> {
  const measure = async (operation: (email: string) => { query: string; input: object }) => {
    const known = await makeAccounts(system, size.accounts);
    const times = { known: [] as number[], unknown: [] as number[] };
    const bodies = new Set<string>();
    for (const [index, address] of known.entries()) {
      const pair = [['known', address] as const, ['unknown', `${newId()}@example.com`] as const];
      for (const [which, email] of index % 2 ? pair.reverse() : pair) {
        const { query, input } = operation(email);
        const begin = performance.now();
        const answer = await ask(system, query, { input });
        times[which].push(performance.now() - begin);
        bodies.add(JSON.stringify(answer).replaceAll(email, '<the address>'));
      }
    }
    const [there, absent] = [percentile(times.known, 0.5), percentile(times.unknown, 0.5)];
    return {
      ...{ accounts: size.accounts, known: round(there), unknown: round(absent) },
      ...{ ratio: round(there / absent), bodies: bodies.size },
    };
  };
  // A process that has just started is slower at first, to whomever.
  await measure(operations.login);
  return { login: await measure(operations.login), reset: await measure(operations.reset) };
}

/** The figures as text. */
export const showEnumeration = (figures: EnumerationFigures): string =>
  [
    'answers about accounts that are there, and that are not: medians in ms, one after the other in turns',
    ...Object.entries(figures).map(
      ([name, { accounts, known, unknown, ratio, bodies }]) =>
        `  ${name.padEnd(6)} ${known} and ${unknown}: ${ratio} (${accounts} accounts each, ${bodies} different ${bodies === 1 ? 'body' : 'bodies'})`,
    ),
  ].join('\n');
