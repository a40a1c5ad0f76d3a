import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#platform/root.ts';
import { generatePrisma } from './generatePrisma.ts';
import { subgraphs } from './subgraphs.ts';

const stampOf = (name: string): string => join(root, 'prisma', name, 'client', '.schema-hash');

function hashOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/prisma/package.json'), 'utf8'));
  const schema = readFileSync(join(root, 'prisma', name, 'schema.prisma'));
  return createHash('sha256').update(version).update(schema).digest('hex');
}

/** Whether a subgraph's generated client is that of its schema. */
function isFresh(name: string): boolean {
  const stamp = stampOf(name);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(name);
}

/** Generates the Prisma clients (they are not committed) if a schema or Prisma itself has changed since. */
export async function ensurePrismaClients(): Promise<'generated' | 'fresh'> {
  if (subgraphs.every(isFresh)) return 'fresh';
  const hashes = subgraphs.map(hashOf);
  await generatePrisma();
  for (const [index, name] of subgraphs.entries()) writeFileSync(stampOf(name), hashes[index] as string);
  return 'generated';
}
