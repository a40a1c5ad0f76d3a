import type { Coordinate } from './coordinates.ts';

/** What the table has no row for, and the rows that belong to nothing any more. */
export function lackingRows(
  coordinates: readonly Pick<Coordinate, 'name'>[],
  table: Readonly<Record<string, string>>,
): { missing: string[]; stale: string[] } {
  const names = new Set(coordinates.map(({ name }) => name));
  return {
    missing: [...names].filter((name) => !Object.hasOwn(table, name)),
    stale: Object.keys(table).filter((name) => !names.has(name)),
  };
}
