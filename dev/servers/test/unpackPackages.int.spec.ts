import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWith } from '#platform/testing/index.ts';
import { findServers } from '../findBinary.ts';
import { unpackPackages } from '../unpackPackages.ts';
import { aptRepository } from './aptRepository.ts';

describeWith('apt-get', "packages by the system's own apt", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let packagesDir: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskgraph-apt-'));
    packagesDir = join(folder, 'packages');
    const server = '#!/bin/sh\ncat "$LD_LIBRARY_PATH/greeting"\n';
    env = aptRepository(folder, [
      { name: 'redis-server', files: { 'usr/bin/redis-server': server }, depends: 'libgreeting' },
      { name: 'libgreeting', files: { 'usr/lib/greeting': 'Redis server v=8.0.2\n' } },
      { name: 'nats-server', files: { 'usr/bin/nats-server': '#!/bin/sh\necho "nats-server: v2.10.27"\n' } },
    ]);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('unpacks packages with what they depend on, after fetching the lists that the system lacks', async () => {
    const root = await unpackPackages(['redis-server', 'nats-server'], packagesDir, { env });
    const files = readdirSync(root, { recursive: true });
    for (const file of ['usr/bin/redis-server', 'usr/lib/greeting', 'usr/bin/nats-server'])
      expect(files).toContain(file);
    expect(readdirSync(packagesDir)).toHaveLength(1);
    expect(readdirSync(join(folder, 'state/lists')).filter((name) => name.endsWith('Packages'))).toEqual([]);
  }, 20_000);

  it('uses the lists that the system has', async () => {
    execFileSync('apt-get', ['-q', 'update'], { env, stdio: 'ignore' });
    // There is nothing to fetch any more.
    rmSync(join(folder, 'repository/Packages'));
    const root = await unpackPackages(['nats-server'], packagesDir, { env });
    expect(existsSync(join(root, 'usr/bin/nats-server'))).toBe(true);
  }, 20_000);

  it('rejects with what apt says, and leaves nothing, when a package is unknown', async () => {
    mkdirSync(packagesDir);
    await expect(unpackPackages(['no-such-server'], packagesDir, { env })).rejects.toThrow('no-such-server');
    expect(readdirSync(packagesDir)).toEqual([]);
  }, 20_000);

  it('is the last way to a server: the unpacked program runs with its libraries, and is found again', async () => {
    // Whatever servers this machine has installed.
    const PATH = join(folder, 'bin');
    mkdirSync(PATH);
    for (const name of ['apt-get', 'dpkg', 'dpkg-deb', 'tar', 'sh', 'cat', 'rm']) {
      const place = ['/usr/bin', '/bin'].map((bin) => join(bin, name)).find((file) => existsSync(file));
      if (place) symlinkSync(place, join(PATH, name));
    }
    const find = () => findServers(['redis'], { env: { ...env, PATH }, packagesDir });
    const found = await find();
    expect(found).toMatchObject({ redis: { from: 'packages' } });
    rmSync(join(folder, 'repository'), { recursive: true });
    expect(await find()).toEqual(found);
  }, 20_000);
});
