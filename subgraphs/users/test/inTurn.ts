import { waitFor } from '#platform/testing/index.ts';
import type { Fixture } from './fixture.ts';

/**
 * Begins one after the other while the account is locked, so that each has looked at what was there before and waits for the
 * one before it to change that.
 */
export async function inTurn<First, Second>(
  users: Pick<Fixture, 'pool'>,
  userId: string,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  const holder = await users.pool.connect();
  const waiting = (count: number) =>
    waitFor(async () => {
      const { rows } = await users.pool.query(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0].n === count;
    });
  const begun: [Promise<First>?, Promise<Second>?] = [];
  try {
    await holder.query('begin');
    await holder.query('select from "user" where id = $1 for update', [userId]);
    begun[0] = first();
    await waiting(1);
    begun[1] = second();
    await waiting(2);
  } finally {
    await holder.query('commit');
    holder.release();
  }
  return Promise.all(begun as [Promise<First>, Promise<Second>]);
}
