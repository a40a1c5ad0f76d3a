import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of a second in /proc/<pid>/stat: USER_HZ, which Linux fixes at 100 for everybody. */
const ticksPerSecond = 100;

type Stat = { parent: number; ticks: number };

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may hold anything; the fields after it are numbers (proc(5): 4 ppid, 14–17 times).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, waitedUser, waitedSystem] = fields.slice(11, 15).map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return { parent: Number(fields[1]), ticks: user + system + waitedUser + waitedSystem };
  } catch {
    return null;
  }
}

/**
 * The CPU seconds that a process and its children have used so far, those that have ended included. Linux only: undefined
 * elsewhere.
 */
export function cpuSeconds(pid: number | undefined): number | undefined {
  const root = pid === undefined ? null : statOf(pid);
  if (pid === undefined || root === null) return undefined;
  const all = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat) all.set(Number(name), stat);
  }
  const descends = (one: number): boolean => {
    const parent = all.get(one)?.parent ?? 0;
    return parent === pid || (parent > 1 && descends(parent));
  };
  let ticks = root.ticks;
  for (const [one, stat] of all) if (one !== pid && descends(one)) ticks += stat.ticks;
  return ticks / ticksPerSecond;
}
