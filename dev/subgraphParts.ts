import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#platform/root.ts';
import { subgraphs } from './subgraphs.ts';

/** A file that every subgraph has, and what to do about one that is missing. */
export type Part = { path: string; todo: string };

/** The files that make a subgraph, in the order in which they are written (README.md, "Adding a subgraph"). */
export function partsOf(name: string): Part[] {
  return [
    { path: `schema/${name}.graphql`, todo: 'write its part of the API' },
    { path: `events/${name}.ts`, todo: 'declare what it publishes (export {} for nothing)' },
    { path: `prisma/${name}/schema.prisma`, todo: 'write its models' },
    { path: `prisma/${name}/migrations/schema.prisma`, todo: `npm run db:diff -- ${name} init` },
    { path: `subgraphs/${name}/src/env.ts`, todo: 'say what it reads of its environment' },
    {
      path: `subgraphs/${name}/src/main.ts`,
      todo: 'write its process; subgraphs/tasks/README.md says what else it needs',
    },
  ];
}

/** The parts that are lacking. `there` tells whether a path in the repository is there. */
export function missingParts(names: readonly string[], there: (path: string) => boolean): (Part & { name: string })[] {
  return names.flatMap((name) =>
    partsOf(name)
      .filter(({ path }) => !there(path))
      .map((part) => ({ ...part, name })),
  );
}

/**
 * Throws when a subgraph of the list is only half there, with a line for each step that is missing; `needed` leaves out
 * what a command can do without.
 */
export function requireParts(
  needed: (path: string) => boolean = () => true,
  names: readonly string[] = subgraphs,
  folder: string = root,
): void {
  const missing = missingParts(names, (path) => !needed(path) || existsSync(join(folder, path)));
  if (missing.length === 0) return;
  const lines = missing.map(({ path, todo }) => `  ${path} is missing: ${todo}`);
  const which = [...new Set(missing.map((part) => part.name))].join(', ');
  throw new Error(`dev/subgraphs.ts names ${which}, which is only half there:\n${lines.join('\n')}`);
}
