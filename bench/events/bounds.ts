import { table } from '../table.ts';

/** Figures beside what they should be, by name: `{ "ours to bare, p50": { value: 1.2, bound: "at most 2" } }`. */
export type Bounds = Record<string, { value: number; bound: string }>;

/** The bounds as a table. */
export const showBounds = (bounds: Bounds): string =>
  table(
    ['', 'figure', 'bound'],
    Object.entries(bounds).map(([name, { value, bound }]) => [name, value, bound]),
  );
