import { connect } from 'node:net';
import { until } from './until.ts';

const usualPorts: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'nats:': 4222,
  'tls:': 4222,
};

function connects(host: string, port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 2000 });
    socket.once('connect', () => resolve(true));
    socket.once('timeout', () => reject(new Error('no answer')));
    socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
    socket.once('connect', () => socket.destroy());
    socket.once('timeout', () => socket.destroy());
  });
}

/** Rejects, naming the variable, when nothing accepts connections where a given URL points to, not even a little later. */
export async function assertReachable(variable: string, url: string, timeoutMs = 5000): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  const at = Number(port) || (usualPorts[protocol] ?? 0);
  try {
    await until(`${hostname}:${at}`, () => connects(hostname, at), { timeoutMs, everyMs: 200 });
  } catch (error) {
    const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    throw new Error(`${variable}: nothing answers at ${hostname}:${at} (${reason}). Start it, or unset ${variable}.`, {
      cause: error,
    });
  }
}
