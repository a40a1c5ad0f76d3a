import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalServer } from '#dev/servers/localServer.ts';
import { natsServer } from '#dev/servers/nats.ts';
import { freePort } from '#dev/servers/ports.ts';
import { redisServer } from '#dev/servers/redis.ts';
import { removeAtEnd } from '#dev/servers/watchdog.ts';
import { testServers } from './testServers.ts';

/** A server of one test file's own, in a temporary folder. */
export type TestServer = {
  url: string;
  port: number;
  /** Where its data lies: to copy it, and to put an older copy back, while it is down. */
  dataDir: string;
  /** Starts it again on the same port and folder. */
  start(): Promise<void>;
  /** Ends it in good order; the data stays. */
  stop(): Promise<void>;
  /** kill -9; the data stays as it lies. */
  kill(): Promise<void>;
  /** SIGSTOP: its connections stay open, and nothing is answered. */
  freeze(): void;
  /** SIGCONT */
  thaw(): void;
  /** Starts it over with its data lost. */
  wipe(): Promise<void>;
  /** Ends it and removes the data: call it after the last test. */
  remove(): Promise<void>;
};

const makers = { redis: redisServer, nats: natsServer };
type Login = { user: string; pass: string };

async function startTestServer(name: 'redis' | 'nats', login?: Login): Promise<TestServer> {
  const binary = testServers()[name];
  if ('url' in binary) throw new Error(`The tests start their own ${name}`);
  const folder = mkdtempSync(join(tmpdir(), `taskgraph-${name}-`));
  removeAtEnd(folder);
  const dataDir = join(folder, 'data');
  let server: LocalServer;
  for (let attempt = 1; ; attempt++) {
    server = makers[name]({ binary, dataDir, port: await freePort(), logFile: join(folder, 'log'), login });
    try {
      await server.start();
      break;
    } catch (error) {
      // Another test file can have taken the port since it was tried.
      if (attempt === 3) throw error;
    }
  }
  return {
    url: server.url,
    port: server.port,
    dataDir,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    freeze: () => void process.kill(server.pid() as number, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid() as number, 'SIGCONT'),
    async wipe() {
      await server.kill();
      rmSync(dataDir, { recursive: true, force: true });
      await server.start();
    },
    async remove() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis of the test file's own: append-only file, noeviction. */
export const startTestRedis = (): Promise<TestServer> => startTestServer('redis');

/** A NATS with JetStream of the test file's own; with a login, nobody else may connect. */
export const startTestNats = (login?: Login): Promise<TestServer> => startTestServer('nats', login);
