import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { assertReachable } from '../assertReachable.ts';
import { assertPortsFree, freePort, isPortFree } from '../ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function take(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

it('names every port that is taken and the variable that changes it', async () => {
  const [one, other, free] = [await take(), await take(), await freePort()];
  const { message } = await assertPortsFree([
    { name: 'gateway', port: one, variable: 'GATEWAY_PORT' },
    { name: 'users', port: free, variable: 'USERS_PORT' },
    { name: 'redis', port: other, variable: 'REDIS_PORT' },
  ]).then(
    () => new Error('free'),
    (error: Error) => error,
  );
  const lines = message.split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain(`Port ${one} (gateway) is already in use`);
  expect(lines[0]).toContain('GATEWAY_PORT=');
  expect(lines[1]).toContain(`Port ${other} (redis)`);
  expect(lines[1]).toContain('REDIS_PORT=');
});

it('finds free ports below those of outgoing connections', async () => {
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(32_768);
  expect(await isPortFree(port)).toBe(true);
  expect(await isPortFree(await take())).toBe(false);
});

it('names the variable whose server does not answer', async () => {
  await assertReachable('REDIS_URL', `redis://127.0.0.1:${await take()}`);
  const nobody = await freePort();
  await expect(assertReachable('NATS_URL', `nats://127.0.0.1:${nobody}`, 300)).rejects.toThrow(
    `NATS_URL: nothing answers at 127.0.0.1:${nobody} (ECONNREFUSED)`,
  );
});
