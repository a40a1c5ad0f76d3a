import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '#platform/root.ts';

/**
 * Builds the explorer's local files if they aren't what their sources make, in a process of its own: building takes
 * seconds of a processor, in which this process has servers to look after.
 */
export async function ensureExplorer(signal?: AbortSignal): Promise<'built' | 'unchanged'> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'dev/buildExplorer.ts'], {
    cwd: root,
    signal,
  });
  return stdout.includes('unchanged') ? 'unchanged' : 'built';
}
