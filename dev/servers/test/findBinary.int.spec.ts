import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findServers, ServersMissing } from '../findBinary.ts';

describe('where Redis and NATS come from', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskgraph-find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const program = (path: string, script = 'exit 0') => {
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
    program('packages/redis-server/usr/bin/redis-server', 'exit 127');
    await expect(find({ PATH: '' })).rejects.toThrow('Redis is needed');
  });
});
