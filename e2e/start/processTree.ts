import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc tells it. */
type Entry = { pid: number; parent: number; state: string };

function entryOf(pid: number): Entry | undefined {
  try {
    // The command, in parentheses, may hold anything; what follows the last one is fixed.
    const rest = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { pid, state: rest[0] as string, parent: Number(rest[1]) };
  } catch {
    return undefined;
  }
}

/** All processes that `pid` has started and those have started, with itself. Linux only. */
export function processTree(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryOf(Number(name)) ?? []);
  const tree = [pid];
  for (const one of tree) tree.push(...all.filter(({ parent }) => parent === one).map((entry) => entry.pid));
  return tree;
}

/** Those of the processes that still run. */
export function stillRunning(pids: number[]): number[] {
  return pids.filter((pid) => !['Z', 'X', undefined].includes(entryOf(pid)?.state));
}

/** What a process was started as; empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
