import { join } from 'node:path';
import { z } from 'zod';
import { subgraphs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';

/** What each service reads of its environment: the schema that its src/env.ts exports, by the service's name. */
export async function loadEnvSchemas(): Promise<Map<string, z.ZodObject>> {
  const schemas = new Map<string, z.ZodObject>();
  for (const name of ['gateway', ...subgraphs]) {
    const folder = name === 'gateway' ? name : `subgraphs/${name}`;
    const module: Record<string, unknown> = await import(join(root, folder, 'src/env.ts'));
    const schema = module[`${name}EnvSchema`];
    if (!(schema instanceof z.ZodObject)) throw new Error(`${folder}/src/env.ts exports no ${name}EnvSchema`);
    schemas.set(name, schema);
  }
  return schemas;
}
