import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { localServer } from '#dev/servers/localServer.ts';
import { root } from '#platform/root.ts';
import { freePort } from '#platform/testing/index.ts';
import { testServers } from '#platform/testing/testServers.ts';
import { readCompose } from './readCompose.ts';

const run = promisify(execFile);
const services = () => readCompose({ REDIS_PASSWORD: 'a-password' }).services;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskgraph-deploy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program that the tests run a server with. */
function binary(name: 'redis' | 'nats') {
  const found = testServers()[name];
  if ('url' in found) throw new Error(`The tests start their own ${name}`);
  return found;
}

describe.each(['redis', 'redis-live'])('the command of %s', (name) => {
  const start = async (password: string) => {
    const { path, env } = binary('redis');
    const dir = mkdtempSync(join(folder, name));
    const port = await freePort();
    const [, ...args] = readCompose({ REDIS_PASSWORD: password }).services[name]?.command ?? [];
    const server = localServer({
      name,
      url: `redis://:${password}@127.0.0.1:${port}`,
      port,
      logFile: join(dir, 'log'),
      launch: () => ({
        command: path,
        args: [...args, '--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
        env: { ...process.env, ...env },
        cwd: dir,
      }),
      answers: async () => {
        const client = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null });
        client.on('error', () => {});
        try {
          await client.connect();
          return (await client.ping()) === 'PONG';
        } finally {
          client.disconnect();
        }
      },
    });
    await server.start();
    return server;
  };

  it('keeps what it should, and asks for the password', async () => {
    const server = await start('a-password');
    const client = new Redis(server.url);
    const config = async (key: string) => ((await client.config('GET', key)) as string[])[1];
    const jobs = name === 'redis';
    expect(await config('appendonly')).toBe(jobs ? 'yes' : 'no');
    expect(await config('maxmemory-policy')).toBe(jobs ? 'noeviction' : 'volatile-lru');
    expect(await config('maxmemory')).toBe(jobs ? '0' : String(256 * 1024 * 1024));
    if (jobs) expect(await config('appendfsync')).toBe('everysec');
    else expect(await config('save')).toBe('');
    client.disconnect();
    const stranger = new Redis(server.url.replace('a-password', 'another'), { retryStrategy: () => null });
    stranger.on('error', () => {});
    await expect(stranger.ping()).rejects.toThrow();
    await server.stop();
  });

  it('needs no password where none is set', async () => {
    const server = await start('');
    await server.stop();
  });
});

it('nats.conf is one that NATS takes', async () => {
  const { path, env } = binary('nats');
  const conf = readFileSync(join(root, 'deploy/nats/nats.conf'), 'utf8');
  expect(conf).toMatch(/^ {2}sync_interval: always$/m);
  expect(services().nats?.command).toEqual(['-c', '/etc/nats/nats.conf']);
  const options = { env: { ...process.env, ...env } };
  const { stdout, stderr } = await run(path, ['--version'], options);
  const [, minor] = /v2\.(\d+)/.exec(stdout + stderr) ?? [];
  // NATS knows sync_interval since 2.10, which Debian 12 doesn't have yet.
  const text = Number(minor) < 10 ? conf.replace(/^ {2}sync_interval: always$/m, '') : conf;
  mkdirSync(join(folder, 'nats'));
  const file = join(folder, 'nats.conf');
  writeFileSync(file, text.replace('/data', join(folder, 'nats')));
  await run(path, ['-t', '-c', file], options);
  await expect(run(path, ['-t', '-c', writeBroken(file, text)], options)).rejects.toThrow();
});

function writeBroken(file: string, text: string): string {
  writeFileSync(`${file}.broken`, text.replace('max_payload', 'max_paylaod'));
  return `${file}.broken`;
}
