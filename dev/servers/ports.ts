import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Whether nothing listens on this port of the loopback interface (tested by listening there). */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * A free port out of 20000–32767. Ports from 32768 up belong to outgoing connections on Linux: one of those could take
 * the port between a server's stop and its restart.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(20_000, 32_768);
    if (await isPortFree(port)) return port;
  }
  throw new Error('No free port between 20000 and 32767');
}

/** A port that a start needs, the variable that chooses another, and whether that has chosen this one. */
export type NeededPort = { name: string; port: number; variable: string; chosen?: boolean };

/** Throws one error that names every port that is already taken, and one command that takes others. */
export async function assertPortsFree(needed: NeededPort[]): Promise<void> {
  const free = await Promise.all(needed.map(({ port }) => isPortFree(port)));
  const taken = needed.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(({ name, port }) => `Port ${port} (${name}) is already in use.`);
  const others = new Set(needed.map(({ port }) => port));
  const settings: string[] = [];
  for (const one of needed) {
    if (taken.includes(one)) settings.push(`${one.variable}=${await portBeside(one.port, others)}`);
    else if (one.chosen) settings.push(`${one.variable}=${one.port}`);
  }
  const script = process.env.npm_lifecycle_event === 'dev' ? 'run dev' : 'start';
  const which = taken.length === 1 ? 'another' : 'others';
  throw new Error(`${lines.join('\n')}
Stop what listens there, or choose ${which}: ${settings.join(' ')} npm ${script}`);
}

/** The first free port 10, 20 … further on that is not among `others`, to which it is added. */
async function portBeside(port: number, others: Set<number>): Promise<number> {
  for (let next = port + 10; next < 65_536; next += 10) {
    if (others.has(next) || !(await isPortFree(next))) continue;
    others.add(next);
    return next;
  }
  return freePort();
}
