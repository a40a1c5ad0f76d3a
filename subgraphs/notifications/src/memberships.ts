import type { Pool } from 'pg';
import { z } from 'zod';
import { MembershipState } from '#events/users.ts';
import { inOneExchange } from '#platform/database/oneExchange.ts';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createGrants, type Grants } from '#platform/projection/createGrants.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import { canSee } from './domain/policy.ts';
import { findMemberships, membershipKey, memberships } from './store/memberships.ts';

const answerSchema = z.object({ memberships: z.array(MembershipState.extend({ version: z.int() })) });

/** The projection of users' memberships, which asks users for what it lacks. */
export type Memberships = Grants<Pool, MembershipKey, Membership>;

/**
 * Memberships out of the projection while `fresh()`; users is asked for what has not arrived yet (createTask right after
 * addMember), for one that has ended before somebody counts as gone, and for all while events don't come through: whoever was
 * removed must not be told any more. Throws SERVICE_UNAVAILABLE when users had to be asked and couldn't be.
 */
export function createMemberships(users: GuardedClient, fresh: () => boolean): Memberships {
  return createGrants({
    keyOf: membershipKey,
    holderOf: ({ userId }) => userId,
    holds: ({ role }) => canSee(role),
    find: findMemberships,
    ask: async (userId) => (await users.call('/internal/memberships', { userId }, answerSchema)).memberships,
    keep: (pool, grants) => inOneExchange(pool, [memberships.keeping(grants)]),
    fresh,
  });
}
