import type { Pool } from 'pg';
import { z } from 'zod';
import { inOneExchange } from '#platform/database/oneExchange.ts';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createReadThrough, type ReadThrough } from '#platform/projection/createReadThrough.ts';
import type { Person } from './domain/person.ts';
import { findPeople, people } from './store/people.ts';

const answerSchema = z.object({
  person: z.object({ id: z.uuid(), name: z.string(), email: z.string(), version: z.int() }).nullable(),
});

/** The projection of users' accounts, which asks users for what it lacks. */
export type People = ReadThrough<Pool, string, Person>;

/** People out of the projection; users is asked for one who has not arrived yet. Throws SERVICE_UNAVAILABLE when it can't be. */
export function createPeople(users: GuardedClient): People {
  return createReadThrough({
    keyOf: (id) => id,
    find: findPeople,
    ask: async (id) => (await users.call('/internal/person', { id }, answerSchema)).person,
    keep: (pool, person) => inOneExchange(pool, [people.keeping([person])]),
  });
}
