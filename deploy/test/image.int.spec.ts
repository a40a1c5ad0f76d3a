import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { callPairs, subgraphs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import { freePort, startTestNats, startTestRedis, type TestServer, waitFor } from '#platform/testing/index.ts';
import { testServers } from '#platform/testing/testServers.ts';
import { parseEnvFile, renderEnvFile } from '../envFile.ts';
import { buildImageFolder, type ImageFolder } from './buildImageFolder.ts';
import { readCompose } from './readCompose.ts';

const run = promisify(execFile);
// As in the image, the services may not be root. Whoever is not, stays who they are.
const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let parent: string;
let image: ImageFolder;
let servers: TestServer[] = [];
const addresses = new Map<string, string>();
const services: Record<string, { child: ChildProcess; log: string[] }> = {};
let compose: ReturnType<typeof readCompose>;

/** A value of docker-compose.yml with the addresses that things have here. */
const here = (value: string) =>
  [...addresses].reduce((text, [there, address]) => text.replaceAll(there, address), value);

function environment(name: string): NodeJS.ProcessEnv {
  const given = Object.entries(compose.services[name]?.environment ?? {}).map(([key, value]) => [key, here(value)]);
  return { PATH: process.env.PATH, ...image.env, ...Object.fromEntries(given) };
}

async function admin(sql: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: testServers().postgres });
  await client.connect();
  await sql(client).finally(() => client.end());
}

async function removeDatabases(): Promise<void> {
  await admin(async (client) => {
    for (const name of subgraphs) {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      for (const kind of ['owner', 'app']) await client.query(`DROP ROLE IF EXISTS ${name}_${kind}`);
    }
  });
}

function start(name: string, port: number): void {
  const [command = '', ...args] = image.command;
  const log: string[] = [];
  const child = spawn(command, args, {
    ...account,
    cwd: join(image.folder, image.workdir),
    env: { ...environment(name), SERVICE: name, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => log.push(String(chunk)));
  services[name] = { child, log };
}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'taskgraph-image-'));
  chmodSync(parent, 0o755);
  image = await buildImageFolder(parent, { SERVICE: 'users' });
  const [redis, nats] = await Promise.all([startTestRedis(), startTestNats()]);
  servers = [redis, nats];
  const postgres = new URL(testServers().postgres);
  addresses.set('@postgres:5432', `@${postgres.host}`);
  addresses.set('redis:6379', `127.0.0.1:${redis.port}`).set('redis-live:6379', `127.0.0.1:${redis.port}`);
  addresses.set('nats:4222', `127.0.0.1:${nats.port}`);
  const example = readFileSync(join(root, 'deploy/env.example'), 'utf8');
  const variables = parseEnvFile(renderEnvFile(example, callPairs));
  compose = readCompose({ ...variables, REDIS_PASSWORD: '', EXPLORER: 'on' });

  // As the services logins and migrate-… do it.
  await removeDatabases();
  await run('sh', [join(root, 'deploy/postgres/logins.sh')], {
    env: {
      ...environment('logins'),
      PGHOST: postgres.hostname,
      PGPORT: postgres.port,
      PGUSER: postgres.username,
      PGPASSWORD: decodeURIComponent(postgres.password),
    },
  });
  for (const name of subgraphs) {
    const [command = '', ...args] = compose.services[`migrate-${name}`]?.command ?? [];
    const cwd = join(image.folder, image.workdir);
    await run(command, args, { ...account, cwd, env: environment(`migrate-${name}`) });
  }
  const ports = new Map<string, number>();
  for (const name of [...subgraphs, 'gateway']) {
    ports.set(name, await freePort());
    addresses.set(`${name}:${compose.services[name]?.environment?.PORT}`, `127.0.0.1:${ports.get(name)}`);
  }
  for (const [name, port] of ports) start(name, port);
}, 300_000);

afterAll(async () => {
  for (const { child } of Object.values(services)) child.kill('SIGKILL');
  await Promise.all(servers.map((server) => server.remove()));
  await removeDatabases();
  rmSync(parent, { recursive: true, force: true });
}, 60_000);

it('what the Dockerfile makes starts in production, and becomes healthy', async () => {
  for (const [name, { child, log }] of Object.entries(services)) {
    const [, command = '', ...args] = compose.services[name]?.healthcheck?.test ?? [];
    const PORT = here(`${name}:${compose.services[name]?.environment?.PORT}`).split(':')[1];
    await waitFor(
      async () => {
        if (child.exitCode !== null) return true;
        return run(command, args, { env: { PATH: process.env.PATH, PORT } }).then(() => true);
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
    expect({ name, exitCode: child.exitCode, log: child.exitCode === null ? '' : log.join('') }).toEqual({
      name,
      exitCode: null,
      log: '',
    });
  }
}, 120_000);

it('serves the graph, with calls signed and identity on', async () => {
  const ask = async (query: string, token?: string) => {
    const answer = await fetch(`http://${here('gateway:4000')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as { data?: Record<string, Record<string, unknown>>; errors?: unknown };
  };
  const { data, errors } = await ask(
    'mutation { register(input: { name: "Ada", email: "ada@example.com", password: "correct horse battery" }) { accessToken } }',
  );
  expect(errors).toBeUndefined();
  expect((await ask('{ me { name } }', String(data?.register?.accessToken))).data?.me).toEqual({ name: 'Ada' });
});

it('has the explorer and its examples in it, where somebody turns it on', async () => {
  const get = (path: string) => fetch(`http://${here('gateway:4000')}${path}`);
  const [page, config, local] = await Promise.all([get('/'), get('/explorer/config.json'), get('/explorer')]);
  expect([page.status, local.status]).toEqual([200, 200]);
  expect(((await config.json()) as { examples: string[] }).examples.join()).toContain('mutation SignIn');
});

it('ends within its grace period', async () => {
  for (const { child, log } of Object.values(services).reverse()) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect([await ended, log.filter((line) => line.includes('"level":"error"'))]).toEqual([0, []]);
  }
}, 60_000);
