import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { type SubgraphName, subgraphPorts, subgraphs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import { checkResumable } from './checkResumable.ts';

/** The composed schema, committed: what the gateway runs. */
export const supergraphFile: string = join(root, 'schema/supergraph.graphql');

/**
 * The address that a subgraph has in the supergraph. It is the same everywhere, so that the committed file doesn't change;
 * a gateway whose subgraphs live elsewhere is told by SUBGRAPH_URLS.
 */
export const defaultSubgraphUrl = (name: SubgraphName): string => `http://127.0.0.1:${subgraphPorts[name]}/graphql`;

/** The schemas don't fit together; the message has a line for each reason. */
export class CompositionError extends Error {
  override name = 'CompositionError';
}

/** Composes schema/<subgraph>.graphql of all subgraphs into the text of the supergraph. Throws CompositionError. */
export async function composeSupergraph(): Promise<string> {
  const services = await Promise.all(
    subgraphs.map(async (name) => {
      const file = `schema/${name}.graphql`;
      try {
        const typeDefs = parse(await readFile(join(root, file), 'utf8'));
        return { name, typeDefs, url: defaultSubgraphUrl(name) };
      } catch (error) {
        throw new CompositionError(`${file}: ${(error as Error).message}`, { cause: error });
      }
    }),
  );
  const { supergraphSdl, schema, errors } = composeServices(services);
  if (errors) throw incomposable(errors.map(({ message }) => message));
  const problems = checkResumable(schema);
  if (problems.length > 0) throw incomposable(problems);
  return `${supergraphSdl.trimEnd()}\n`;
}

function incomposable(problems: readonly string[]): CompositionError {
  return new CompositionError(problems.map((problem) => `schema: ${problem}`).join('\n'));
}

/** Composes and writes schema/supergraph.graphql, unless that is what it says already. */
export async function writeSupergraph(): Promise<'written' | 'unchanged'> {
  const text = await composeSupergraph();
  if ((await readFile(supergraphFile, 'utf8').catch(() => null)) === text) return 'unchanged';
  await writeFile(supergraphFile, text);
  return 'written';
}

if (process.argv[1] === import.meta.filename) console.log(`schema/supergraph.graphql: ${await writeSupergraph()}`);
