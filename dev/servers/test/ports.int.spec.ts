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

it('names every port that is taken, and one command that takes others and keeps what was chosen', async () => {
  const [one, other, free, chosen] = [await take(), await take(), await freePort(), await freePort()];
  const { message } = await assertPortsFree([
    { name: 'gateway', port: one, variable: 'GATEWAY_PORT' },
    { name: 'users', port: free, variable: 'USERS_PORT' },
    { name: 'redis', port: other, variable: 'REDIS_PORT' },
    { name: 'nats', port: chosen, variable: 'NATS_PORT', chosen: true },
  ]).then(
    () => new Error('free'),
    (error: Error) => error,
  );
  const lines = message.split('\n');
  expect(lines.slice(0, 2)).toEqual([
    `Port ${one} (gateway) is already in use.`,
    `Port ${other} (redis) is already in use.`,
  ]);
  const command =
    /^Stop what listens there, or choose others: GATEWAY_PORT=(\d+) REDIS_PORT=(\d+) NATS_PORT=(\d+) npm start$/;
  const [gateway, redis, nats] = (command.exec(lines[2] ?? '') ?? []).slice(1).map(Number);
  expect(nats).toBe(chosen);
  expect(new Set([gateway, redis, one, other, free, chosen]).size).toBe(6);
  for (const port of [gateway, redis]) expect(await isPortFree(port as number)).toBe(true);
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
