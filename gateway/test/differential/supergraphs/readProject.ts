import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { subgraphs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import type { GraphDefinition } from './definition.ts';

/** The supergraph that the repository serves, from schema/. */
export async function readProject(): Promise<GraphDefinition> {
  const texts = await Promise.all(subgraphs.map((name) => readFile(join(root, `schema/${name}.graphql`), 'utf8')));
  return {
    name: 'project',
    plain: true,
    subgraphs: Object.fromEntries(subgraphs.map((name, at) => [name, texts[at] ?? ''])),
  };
}
