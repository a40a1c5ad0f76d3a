import { newId } from '#platform/ids.ts';
import { password, register } from '../../e2e/person.ts';
import type { TestSystem } from '../../e2e/testSystem.ts';

/** Accounts with a password, as many as are asked for: one is registered, the others are its copies. Their addresses. */
export async function makeAccounts(system: TestSystem, count: number): Promise<string[]> {
  const first = await register(system, 'Bench');
  const emails = Array.from({ length: count }, () => `${newId()}@example.com`);
  await system.sql(
    'users',
    `insert into "user" (id, email, name, password_hash, version, created_at)
     select gen_random_uuid(), wanted.email, 'Bench', u.password_hash, 1, now()
     from unnest($2::text[]) as wanted (email), "user" u where u.id = $1`,
    [first.id, emails],
  );
  return emails;
}

export { password };
