import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { demoPassword } from '#dev/demo/content.ts';
import { callGraphQL } from '#dev/demo/graphqlClient.ts';
import { findServers } from '#dev/servers/findBinary.ts';
import type { LocalServer } from '#dev/servers/localServer.ts';
import { natsServer } from '#dev/servers/nats.ts';
import { freePort } from '#dev/servers/ports.ts';
import { postgresServer } from '#dev/servers/postgres.ts';
import { redisServer } from '#dev/servers/redis.ts';
import { root } from '#platform/root.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createNpm } from './createNpm.ts';
import { commandOf, stillRunning } from './processTree.ts';

jest.setTimeout(90_000);

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-given-'));
const npm = createNpm();
const servers: LocalServer[] = [];
const given = { POSTGRES_URL: '', REDIS_URL: '', NATS_URL: '' };

/** Servers as a team may have them: each wants a login, and that of Postgres is no superuser. */
beforeAll(async () => {
  const place = async (name: string) => ({
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    port: await freePort(),
  });
  const env = { ...process.env, REDIS_URL: '', NATS_URL: '' };
  const { redis, nats } = await findServers(['redis', 'nats'], { env, packagesDir: join(root, '.data/packages') });
  if ('url' in redis || 'url' in nats) throw new Error('Programs are wanted, not URLs');
  const postgres = await postgresServer({ ...(await place('postgres')), password: 'admin', use: 'tests' });
  servers.push(
    postgres,
    redisServer({ ...(await place('redis')), binary: redis }),
    natsServer({ ...(await place('nats')), binary: nats, login: { user: 'team', pass: 'secret' } }),
  );
  await Promise.all(servers.map((server) => server.start()));
  for (const server of servers) given[`${server.name.toUpperCase()}_URL` as keyof typeof given] = server.url;

  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE ROLE team LOGIN CREATEDB CREATEROLE PASSWORD 'secret'`);
  await admin.end();
  given.POSTGRES_URL = Object.assign(new URL(postgres.url), { username: 'team', password: 'secret' }).href;

  const client = new Redis(given.REDIS_URL);
  await client.config('SET', 'requirepass', 'secret');
  client.disconnect();
  given.REDIS_URL = given.REDIS_URL.replace('://', '://:secret@');
});
afterAll(async () => {
  await npm.killAll();
  await Promise.all(servers.map((server) => server.kill()));
  rmSync(folder, { recursive: true, force: true });
});

it('npm start takes the servers that it is given, starts none of its own, and leaves them running', async () => {
  const {
    output,
    url,
    tree,
    process: command,
  } = await npm.run('start', {
    cwd: root,
    dataDir: join(folder, 'data'),
    given,
  });
  for (const name of Object.keys(given)) expect(output()).toContain(`given by ${name})`);
  expect(output()).not.toContain('secret');
  expect(
    tree.map(commandOf).filter((text) => /redis-server|nats-server|postgres/.test(text.split(' ')[0] ?? '')),
  ).toEqual([]);

  const input = { email: 'ada@example.com', password: demoPassword };
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
  const session = await callGraphQL<{ login: { accessToken: string } }>(url, login, { input });
  const query = '{ me { name } unreadNotificationCount }';
  // The demo's tasks were told over the given NATS.
  await waitFor(async () => {
    const answer = await callGraphQL<{ unreadNotificationCount: number }>(url, query, {}, session.login.accessToken);
    return answer.unreadNotificationCount > 0;
  });

  process.kill(-(command.pid as number), 'SIGINT');
  await waitFor(() => stillRunning(tree).length === 0);
  expect(servers.map((server) => server.pid() !== undefined)).toEqual([true, true, true]);
});
