import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Person } from '../domain/person.ts';
import type { Database } from './database.ts';

/** The people in the order of the ids; null where the projection has none. One query. */
export async function findPeople(db: Database, ids: readonly string[]): Promise<(Person | null)[]> {
  const rows = await db.person.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** What users has told of its accounts. */
export const people = defineProjection<Person>({
  table: 'person',
  columns: { id: 'id', name: 'name', email: 'email' },
  key: ['id'],
});
