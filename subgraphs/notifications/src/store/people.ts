import type { Person } from '../domain/person.ts';
import type { Database } from './database.ts';

/** The people in the order of the ids; null where the projection has none. One query. */
export async function findPeople(db: Database, ids: readonly string[]): Promise<(Person | null)[]> {
  const rows = await db.person.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Keeps the person unless the projection has the same version or a later one: events come in any order. */
export async function keepPerson(db: Database, { id, name, email, version }: Person): Promise<void> {
  await db.$executeRaw`
    insert into person (id, name, email, version) values (${id}::uuid, ${name}, ${email}, ${version})
    on conflict (id) do update set name = excluded.name, email = excluded.email, version = excluded.version
    where person.version < excluded.version`;
}
