import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { EventContract } from '#events/defineEvent.ts';
import { root } from '#platform/root.ts';
import { subgraphs } from '../subgraphs.ts';

/** A consumer as its file declares it. */
export type DeclaredConsumer = {
  name: string;
  kind: 'fact' | 'state';
  events: readonly EventContract[];
  subgraph: string;
  /** Its file, relative to the root. */
  file: string;
};

/** Every consumer of the system: what the files in subgraphs/<name>/src/consumers declare. */
export async function readConsumers(): Promise<DeclaredConsumer[]> {
  const consumers: DeclaredConsumer[] = [];
  for (const subgraph of subgraphs) {
    const folder = `subgraphs/${subgraph}/src/consumers`;
    const names = await readdir(path.join(root, folder)).catch((): string[] => []);
    for (const name of names.filter((one) => one.endsWith('.ts') && !one.includes('.spec.')).sort()) {
      const file = `${folder}/${name}`;
      const module: Record<string, unknown> = await import(path.join(root, file));
      const declared = Object.values(module).filter(isConsumer);
      if (declared.length === 0) throw new Error(`${file} declares no consumer`);
      consumers.push(...declared.map((consumer) => ({ ...consumer, subgraph, file })));
    }
  }
  return consumers;
}

function isConsumer(value: unknown): value is Pick<DeclaredConsumer, 'name' | 'kind' | 'events'> {
  return typeof value === 'object' && value !== null && 'kind' in value && 'events' in value;
}
