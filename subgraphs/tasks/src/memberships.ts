import { z } from 'zod';
import { MembershipState } from '#events/users.ts';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createReadThrough, type ReadThrough } from '#platform/projection/createReadThrough.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import type { Database } from './store/database.ts';
import { findMemberships, membershipKey, memberships } from './store/memberships.ts';

const answerSchema = z.object({ membership: MembershipState.extend({ version: z.int() }).nullable() });

/** The projection of users' memberships, which asks users for what it lacks. */
export type Memberships = ReadThrough<Database, MembershipKey, Membership>;

/**
 * Memberships out of the projection while `fresh()`; users is asked for one that has not arrived yet (createProject right
 * after createWorkspace), and for all while events don't come through: whoever was removed must not stay in.
 * Throws SERVICE_UNAVAILABLE when users had to be asked and couldn't be.
 */
export function createMemberships(users: GuardedClient, fresh: () => boolean): Memberships {
  const projection: Memberships = createReadThrough({
    keyOf: membershipKey,
    find: findMemberships,
    ask: async (key) => (await users.call('/internal/membership', key, answerSchema)).membership,
    keep: memberships.keep,
  });
  return { load: (db, keys, believe = fresh) => projection.load(db, keys, believe) };
}
