import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { connectNonces } from './identity/connectNonces.ts';
import { createJobs } from './jobs/createJobs.ts';
import { createLive } from './live/createLive.ts';
import { createLogger, type Logger } from './logger.ts';
import { connectNats } from './nats/connectNats.ts';
import { startTestNats, startTestRedis, type TestServer, testScope, waitFor } from './testing/index.ts';

const secret = 's3cret-of-the-url';
const scope = testScope('each');

/** Everything that is written, the least severe included. */
function logging(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ service: 'test', level: 'trace', destination }), lines };
}

describe('the password of a URL never reaches the log', () => {
  let redis: TestServer;
  beforeAll(async () => {
    redis = await startTestRedis();
    const admin = new Redis(redis.url);
    await admin.config('SET', 'requirepass', 'another one');
    admin.disconnect();
  });
  afterAll(() => redis.remove());

  it.each([
    ['live', createLive],
    ['jobs', createJobs],
    ['nonces', connectNonces],
  ] as const)('of a Redis that refuses it: %s', async (_name, connect) => {
    const { log, lines } = logging();
    const url = redis.url.replace('://', `://default:${secret}@`);
    connect({ url, service: 'test', log, scope, registry: new Registry() });
    await waitFor(() => lines.some((line) => line.includes('WRONGPASS')));
    expect(lines.join()).not.toContain(secret);
  });

  it('of a NATS that takes it, is lost, refuses it and is back', async () => {
    const login = { user: 'taskgraph', pass: secret };
    const [nats, stranger] = await Promise.all([startTestNats(login), startTestNats({ ...login, pass: 'another' })]);
    const { log, lines } = logging();
    try {
      const link = connectNats({ url: nats.url, service: 'test', log, scope });
      connectNats({ url: stranger.url.replace('another', secret), service: 'test', log, scope });
      await waitFor(() => link.connected());
      await nats.kill();
      await waitFor(() => lines.some((line) => line.includes('NATS is away')));
      await nats.start();
      await waitFor(() => lines.some((line) => line.includes('NATS is back')));
      await waitFor(() => lines.some((line) => line.includes('Authorization Violation')));
      expect(lines.join()).not.toContain(secret);
      expect(lines.join()).toContain(`"server":"127.0.0.1:${nats.port}"`);
    } finally {
      await Promise.all([nats.remove(), stranger.remove()]);
    }
  }, 20_000);
});
