import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A version of which only the first two numbers matter. */
export type Version = readonly [major: number, minor: number];

/**
 * Runs `<program> --version`. Resolves to why it can't be used (it doesn't run, or is older than `least`), or to null when it
 * can.
 */
export async function probe(program: string, least: Version, env: NodeJS.ProcessEnv = {}): Promise<string | null> {
  let said: string;
  try {
    const options = { env: { ...process.env, ...env }, timeout: 5_000 };
    said = (await promisify(execFile)(program, ['--version'], options)).stdout;
  } catch (error) {
    const { code, signal, stderr } = error as { code?: number | string; signal?: string; stderr?: string };
    return `${program} does not run: ${stderr?.trim().split('\n').at(-1) || `it ended with ${signal ?? code}`}`;
  }
  // `Redis server v=8.0.2 sha=…`, `nats-server: v2.10.27`
  const [, major, minor] = /\bv=?(\d+)\.(\d+)/.exec(said) ?? [];
  if (major === undefined) return `${program} does not tell its version`;
  const isOld = Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1]);
  return isOld ? `${program} is version ${major}.${minor}, and ${least.join('.')} is needed` : null;
}
