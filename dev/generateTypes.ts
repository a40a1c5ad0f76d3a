import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '#platform/root.ts';
import { renderCodegen } from './artefacts/codegen.ts';
import { changedOf, writeArtefacts } from './artefacts/writeArtefacts.ts';

/**
 * Writes the resolver types and the SDK's documents that are not those of the schemas any more; resolves to their paths.
 * In a process of its own: codegen.ts reads the schemas once, and this one would be given what they were at first.
 */
export async function generateTypes(signal?: AbortSignal): Promise<string[]> {
  const args = ['--import', 'tsx', import.meta.filename];
  const done = promisify(execFile)(process.execPath, args, { cwd: root, signal });
  const { stdout } = await done.catch((error: Error & { stderr?: string }) => {
    throw new Error(error.stderr?.trim() || error.message, { cause: error });
  });
  return stdout.split('\n').filter(Boolean);
}

if (process.argv[1] === import.meta.filename) {
  try {
    const changed = await changedOf(await renderCodegen());
    await writeArtefacts(changed);
    for (const file of changed.keys()) console.log(file);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
