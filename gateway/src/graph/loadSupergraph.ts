import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { type ResumableField, resumableFields } from './resumableFields.ts';

/** A supergraph and where its subgraphs are. */
export type LoadedSupergraph = {
  sdl: string;
  /** By the subgraph's name. */
  urls: Map<string, string>;
  /** The subscription fields that can be resumed, by name. */
  resumable: ReadonlyMap<string, ResumableField>;
};

/**
 * Reads a composed supergraph from a file. `overrides` win over the URLs in it.
 * @throws Error in one clear sentence: no file, and all that readSupergraph throws
 */
export function loadSupergraph(path: string, overrides: ReadonlyMap<string, string>): LoadedSupergraph {
  const file = resolve(path);
  let sdl: string;
  try {
    sdl = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`SUPERGRAPH: ${file} cannot be read`, { cause: error });
  }
  return readSupergraph(sdl, overrides, file);
}

/**
 * Reads the text of a composed supergraph.
 * @throws Error in one clear sentence: not a supergraph, a subgraph without a URL, an override for nobody
 */
export function readSupergraph(
  sdl: string,
  overrides: ReadonlyMap<string, string>,
  source = 'the text',
): LoadedSupergraph {
  let supergraph: Supergraph;
  let subgraphs: readonly { name: string; url: string }[];
  try {
    supergraph = Supergraph.build(sdl);
    subgraphs = supergraph.subgraphsMetadata();
  } catch (error) {
    throw new Error(`SUPERGRAPH: ${source} is not a supergraph: ${(error as Error).message}`, { cause: error });
  }
  const urls = new Map(subgraphs.map(({ name, url }) => [name, overrides.get(name) ?? url]));
  for (const name of overrides.keys()) {
    if (!urls.has(name)) throw new Error(`SUBGRAPH_URLS: the supergraph has no subgraph "${name}"`);
  }
  for (const [name, url] of urls) {
    if (!URL.canParse(url)) throw new Error(`SUBGRAPH_URLS: the subgraph "${name}" has no URL ("${url}")`);
  }
  return { sdl, urls, resumable: resumableFields(supergraph) };
}
