import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { GrantReader } from '#platform/projection/createGrants.ts';
import { perTurn } from '#platform/projection/perTurn.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import type { Person } from './domain/person.ts';
import type { Memberships } from './memberships.ts';
import { findPeople } from './store/people.ts';

/** What is read for several events at once: each of these makes one query of what it is asked for. */
export type Reading = {
  memberships: GrantReader<MembershipKey, Membership>;
  /** Out of the projection; null where it has none. */
  people: DataLoader<string, Person | null>;
};

/** The readers of one turn of the event loop. An event is told of once: nobody is left out for what was so 2 s ago. */
export function createReading(pool: Pool, memberships: Memberships): () => Reading {
  return perTurn(() => ({
    memberships: memberships.reader(pool, { misses: false }),
    people: new DataLoader((ids: readonly string[]) => findPeople(pool, ids)),
  }));
}
