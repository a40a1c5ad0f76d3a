import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** The subgraphs of the bench: small, and of the shape of ours. */
export const graphNames = ['users', 'tasks', 'comments'] as const;
export type GraphName = (typeof graphNames)[number];

/** The composed graph, committed: what every gateway of the bench runs. */
export const supergraphFile: string = join(import.meta.dirname, 'supergraph.graphql');

/** The SDL of a subgraph of the bench. */
export const sdlOf = (name: GraphName): string => readFileSync(join(import.meta.dirname, `${name}.graphql`), 'utf8');

/** Where the subgraph is said to be. Nobody is there: the bench puts the address of its replays in. */
const urlOf = (name: GraphName): string => `http://${name}.invalid/graphql`;

/** Composes the bench's subgraphs. */
export function composeGraph(): string {
  const services = graphNames.map((name) => ({ name, typeDefs: parse(sdlOf(name)), url: urlOf(name) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return `${supergraphSdl.trimEnd()}\n`;
}

/** The committed supergraph with the subgraphs at these addresses. */
export function supergraphAt(urls: Readonly<Record<GraphName, string>>): string {
  const sdl = readFileSync(supergraphFile, 'utf8');
  return graphNames.reduce((text, name) => text.replace(urlOf(name), urls[name]), sdl);
}

if (process.argv[1] === import.meta.filename) writeFileSync(supergraphFile, composeGraph());
