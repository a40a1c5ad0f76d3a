import path from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { root } from '#platform/root.ts';
import config from '../../codegen.ts';

/** Resolver types of every subgraph and the SDK's typed documents. */
export async function renderCodegen(): Promise<Map<string, string>> {
  const files: { filename: string; content: string }[] = await generate({ ...config, cwd: root }, false);
  return new Map(files.map(({ filename, content }) => [path.relative(root, path.resolve(root, filename)), content]));
}
