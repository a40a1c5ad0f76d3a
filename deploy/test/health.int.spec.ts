import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '#platform/logger.ts';
import { createHttpServer } from '#platform/service/createHttpServer.ts';
import { createHealth } from '#platform/service/health.ts';
import { freePort } from '#platform/testing/index.ts';
import { readCompose } from './readCompose.ts';

const run = promisify(execFile);
const { services } = readCompose({});

describe('the health check of a service', () => {
  it('succeeds while it is ready, and fails while it is not and when it is gone', async () => {
    const [kind, command, ...args] = services.tasks?.healthcheck?.test ?? [];
    expect([kind, command]).toEqual(['CMD', 'node']);
    const health = createHealth();
    let ready = true;
    health.require('database', () => ready);
    const log = createLogger({ service: 'tasks', level: 'silent' });
    const app = createHttpServer({ service: 'tasks', log, health });
    const port = await freePort();
    await app.listen({ port, host: '127.0.0.1' });
    const check = () => run(process.execPath, args, { env: { PORT: String(port) } });
    await check();
    ready = false;
    await expect(check()).rejects.toMatchObject({ code: 1 });
    await app.close();
    await expect(check()).rejects.toMatchObject({ code: 1 });
  });

  it('is the same for all of them, and nginx has the one of its gateways', () => {
    const own = Object.values(services).filter(({ build, command }) => build && !command);
    expect(own).toHaveLength(5);
    for (const { healthcheck } of own) expect(healthcheck).toEqual(services.tasks?.healthcheck);
    expect(services.nginx?.healthcheck?.test.at(-1)).toBe('http://127.0.0.1:80/readyz');
  });
});
