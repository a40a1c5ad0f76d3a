import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { root } from '#platform/root.ts';

/**
 * Makes sdk/dist, which is what `@taskgraph/sdk` exports: one ES module for Node.js and browsers, its packages left outside,
 * and declarations. The repository's own code and tests import sdk/src.
 */
export async function buildSdk(): Promise<void> {
  const declarations = promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/typescript7/bin/tsc'), '--project', 'sdk/tsconfig.build.json'],
    { cwd: root },
  ).catch((error: Error & { stdout?: string }) => {
    throw new Error(`The declarations of the SDK:\n${error.stdout || error.message}`, { cause: error });
  });
  const module = build({
    absWorkingDir: root,
    entryPoints: ['sdk/src/index.ts'],
    outfile: 'sdk/dist/index.js',
    bundle: true,
    packages: 'external',
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  await Promise.all([declarations, module]);
  nameAsJavaScript(join(root, 'sdk/dist'));
}

/** Declarations keep the `.ts` of the sources' imports, which not every compiler finds a `.d.ts` by. */
function nameAsJavaScript(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
  }
}

if (process.argv[1] === import.meta.filename) {
  await buildSdk();
  console.log('sdk/dist');
}
