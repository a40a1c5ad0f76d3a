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

/** A port that a start needs, and the variable that chooses another. */
export type NeededPort = { name: string; port: number; variable: string };

/** Throws one error that names every port that is already taken, and the variable that changes it. */
export async function assertPortsFree(needed: NeededPort[]): Promise<void> {
  const free = await Promise.all(needed.map(({ port }) => isPortFree(port)));
  const taken = needed.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ name, port, variable }) =>
      `Port ${port} (${name}) is already in use. Stop what listens there, or choose another: ${variable}=${port + 10} npm start`,
  );
  throw new Error(lines.join('\n'));
}
