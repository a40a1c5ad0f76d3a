import { describe, expect, it } from '@jest/globals';
import { createHealth } from './health.ts';
import { createScope } from './scope.ts';

describe('createHealth', () => {
  it('is ready without anything to check', async () => {
    expect(await createHealth().readiness()).toEqual({ ready: true, status: 'ok', failing: [], degraded: [] });
  });

  it('is not ready without what it requires, and says what that is', async () => {
    const health = createHealth();
    let migrated = false;
    health.require('migrations', () => migrated);
    health.require('postgres', async () => true);
    expect(await health.readiness()).toEqual({
      ready: false,
      status: 'unready',
      failing: ['migrations'],
      degraded: [],
    });
    migrated = true;
    expect((await health.readiness()).ready).toBe(true);
  });

  it('is ready but degraded without the rest', async () => {
    const health = createHealth();
    health.degrade('nats', () => false);
    health.degrade('redis', () => Promise.reject(new Error('gone')));
    expect(await health.readiness()).toEqual({
      ready: true,
      status: 'degraded',
      failing: [],
      degraded: ['nats', 'redis'],
    });
  });

  it('takes a check that throws or hangs for a no', async () => {
    const health = createHealth();
    health.require('throws', () => {
      throw new Error('no');
    });
    health.require('hangs', () => new Promise(() => {}));
    expect((await health.readiness()).failing).toEqual(['throws', 'hangs']);
  });

  it('drains as soon as its scope starts to close', async () => {
    const scope = createScope();
    const health = createHealth(scope);
    const seen: unknown[] = [];
    scope.defer('http', async () => seen.push(await health.readiness()));
    await scope.close();
    expect(seen).toEqual([{ ready: false, status: 'draining', failing: [], degraded: [] }]);
  });
});
