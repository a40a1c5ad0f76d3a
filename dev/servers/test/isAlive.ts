import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs; one that has ended and that nobody has asked about yet (a zombie) doesn't. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = `/proc/${pid}/stat`;
  if (!existsSync('/proc/self/stat')) return true;
  if (!existsSync(stat)) return false;
  return !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}
