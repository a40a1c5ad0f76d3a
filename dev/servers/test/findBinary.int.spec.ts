import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findServers, ServersMissing } from '../findBinary.ts';

describe('where Redis and NATS come from', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskgraph-find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const program = (path: string, script = 'echo "Redis server v=8.0.2 sha=00000000:0 malloc=libc bits=64"') => {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const find = (env: NodeJS.ProcessEnv) => findServers(['redis'], { env, packagesDir: join(folder, 'packages') });

  it('takes a URL first, then a program on PATH, then the unpacked package', async () => {
    const unpacked = program('packages/redis-server/usr/bin/redis-server');
    const installed = program('bin/redis-server');
    const PATH = join(folder, 'bin');
    expect(await find({ REDIS_URL: 'redis://there:1', PATH })).toEqual({ redis: { url: 'redis://there:1' } });
    expect(await find({ PATH })).toEqual({ redis: { path: installed, env: {}, from: 'PATH' } });
    const { redis } = await find({ PATH: '' });
    expect(redis).toMatchObject({ path: unpacked, from: 'packages' });
  });

  it.each([
    ['does not run', 'echo "cannot open libssl.so.1.1" >&2; exit 127', 'does not run: cannot open libssl.so.1.1'],
    ['is killed', 'kill -ILL $$', 'does not run: it ended with SIGILL'],
    ['is too old', 'echo "Redis server v=5.0.14 sha=0"', 'is version 5.0, and 6.2 is needed'],
    ['is something else', 'echo "hello"', 'does not tell its version'],
  ])('passes over a program on PATH that %s, with a note', async (_name, script, problem) => {
    const first = program('bin/redis-server', script);
    const passedOver = [`${first} ${problem}`];
    const unpacked = program('packages/redis-server/usr/bin/redis-server');
    const PATH = [join(folder, 'bin'), join(folder, 'local')].join(delimiter);
    expect(await find({ PATH })).toMatchObject({ redis: { path: unpacked, from: 'packages', passedOver } });
    const second = program('local/redis-server');
    expect(await find({ PATH })).toMatchObject({ redis: { path: second, from: 'PATH', passedOver } });
    rmSync(join(folder, 'packages'), { recursive: true });
    rmSync(second);
    await expect(find({ PATH })).rejects.toThrow(`Passed over: ${passedOver}.`);
  });

  it.each([
    ['nats-server: v2.10.27', null],
    ['nats-server: v2.9.0', null],
    ['nats-server: v2.8.4', 'is version 2.8, and 2.9 is needed'],
  ])('knows the version of NATS: %s', async (said, problem) => {
    const file = program('bin/nats-server', `echo "${said}"`);
    const env = { PATH: join(folder, 'bin') };
    const found = findServers(['nats'], { env, packagesDir: join(folder, 'packages') });
    if (problem) await expect(found).rejects.toThrow(`${file} ${problem}`);
    else expect(await found).toEqual({ nats: { path: file, env: {}, from: 'PATH' } });
  });

  it('gives the unpacked program the libraries that came with it', async () => {
    program('packages/redis-server/usr/bin/redis-server');
    mkdirSync(join(folder, 'packages/redis-server/usr/lib/x86_64-linux-gnu'), { recursive: true });
    const { redis } = await find({ PATH: '' });
    expect('env' in redis && redis.env.LD_LIBRARY_PATH).toContain('redis-server/usr/lib/x86_64-linux-gnu');
  });

  it('takes a file on PATH only if it can be executed', async () => {
    const file = program('bin/redis-server');
    chmodSync(file, 0o644);
    await expect(find({ PATH: join(folder, 'bin') })).rejects.toThrow(ServersMissing);
  });

  it('names every way out when there is none', async () => {
    const nothing = findServers(['redis', 'nats'], { env: { PATH: '' }, packagesDir: join(folder, 'packages') });
    const { message } = await nothing.then(
      () => new Error('found'),
      (error: Error) => error,
    );
    expect(message).toContain('Redis and NATS are needed');
    for (const part of ['brew install redis nats-server', 'docker compose up postgres redis nats', 'apt-get']) {
      expect(message).toContain(part);
    }
    expect(message).toContain('REDIS_URL=redis://host:6379 NATS_URL=nats://host:4222 npm start');
  });

  it('forgets an unpacked program that does not run here', async () => {
    const file = program('packages/redis-server/usr/bin/redis-server', 'exit 127');
    await expect(find({ PATH: '' })).rejects.toThrow('Redis is needed');
    expect(existsSync(file)).toBe(false);
  });
});
