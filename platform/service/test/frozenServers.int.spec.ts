import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { connectNonces } from '../../identity/connectNonces.ts';
import { createJobs } from '../../jobs/createJobs.ts';
import { createLive } from '../../live/createLive.ts';
import { createLogger } from '../../logger.ts';
import { connectNats } from '../../nats/connectNats.ts';
import { startTestNats, startTestRedis, type TestServer, testScope, waitFor } from '../../testing/index.ts';
import { createHealth } from '../health.ts';

const log = createLogger({ service: 'test', level: 'silent' });
const scope = testScope();
const services = { service: 'test', log, scope };
let redis: TestServer;
let nats: TestServer;
beforeAll(async () => {
  [redis, nats] = await Promise.all([startTestRedis(), startTestNats()]);
});
afterAll(() => Promise.all([redis.remove(), nats.remove()]));

describe('readiness on servers that freeze', () => {
  it('is degraded while they do not answer, although their connections are open, and well again afterwards', async () => {
    const link = connectNats({ ...services, url: nats.url });
    const live = createLive({ ...services, url: redis.url });
    const jobs = createJobs({ ...services, url: redis.url, registry: new Registry() });
    const nonces = connectNonces({ ...services, url: redis.url });
    const health = createHealth();
    health.degrade('nats', link.answers);
    health.degrade('redis', live.answers);
    health.degrade('jobs', jobs.answers);
    health.degrade('nonces', nonces.answers);
    const degraded = async () => (await health.readiness()).degraded;
    await waitFor(async () => (await degraded()).length === 0);

    redis.freeze();
    await waitFor(async () => (await degraded()).length === 3);
    expect(await degraded()).toEqual(['redis', 'jobs', 'nonces']);
    expect([live.connected(), jobs.connected()]).toEqual([true, true]);
    redis.thaw();
    await waitFor(async () => (await degraded()).length === 0);

    nats.freeze();
    await waitFor(async () => (await degraded()).includes('nats'));
    expect(link.connected()).toBe(true);
    nats.thaw();
    await waitFor(async () => (await degraded()).length === 0);
  }, 30_000);
});
