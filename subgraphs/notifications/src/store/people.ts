import type { Pool } from 'pg';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Person } from '../domain/person.ts';

/** The people in the order of the ids; null where the projection has none. One query. */
export async function findPeople(pool: Pool, ids: readonly string[]): Promise<(Person | null)[]> {
  const { rows } = await pool.query<Person>({
    name: 'find-people',
    text: 'select id, name, email, version from person where id = any($1::uuid[])',
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** What users has told of its accounts. */
export const people = defineProjection<Person>({
  table: 'person',
  columns: { id: 'id', name: 'name', email: 'email' },
  key: ['id'],
});
