import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { newId } from '#platform/ids.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import { encodeEnvelope } from '#platform/outbox/envelope.ts';
import { waitFor } from '#platform/testing/index.ts';
import { effect, type Fixture, projection, startFixture, stored } from './fixture.ts';

let test: Fixture;
afterEach(() => test.scope.close());

const log = pino({ level: 'silent' });
const rebuilt = () =>
  waitFor(async () => (await test.count('backbone.rebuild')) === 0, { timeoutMs: 25_000, everyMs: 50 });
const kept = () => test.rows('select name, version from thing order by name, version');
const inReplay = async () => (await test.nats.manager()?.streams.info('replay'))?.state.messages;

/** Things in the history and in the projection: two with one version, one with three. */
async function filled(more: { sweep?: boolean } = {}) {
  test = await startFixture(more);
  const started = test.run([projection, effect()]);
  await test.commit('a', 'b');
  await test.versions(newId(), 3);
  await waitFor(async () => (await test.count('thing')) === 3 && (await test.count('backbone.inbox')) === 10);
  await waitFor(() => started.running.fresh('test-projection'));
  return started;
}

const whole = [
  { name: 'a', version: 1 },
  { name: 'b', version: 1 },
  { name: 'v3', version: 3 },
];

describe('a rebuild', () => {
  it('makes the projection of the history, fenced meanwhile, and handles what arrives beside it', async () => {
    const { running, effects } = await filled();
    await test.rows("update thing set name = 'wrong', version = 99");
    await test.rows(`insert into thing values ('${newId()}', 'ghost', 1)`);
    await waitFor(() => running.fresh('test-effect'));
    await test.askForRebuild('test-projection');
    await waitFor(() => !running.fresh('test-projection'));
    expect(running.fresh('test-effect')).toBe(true);
    await test.commit('meanwhile');
    await rebuilt();
    await waitFor(() => running.fresh('test-projection'));
    await waitFor(async () => (await test.count('thing')) === 4);
    expect(await kept()).toEqual([...whole.slice(0, 2), { name: 'meanwhile', version: 1 }, ...whole.slice(2)]);
    // The fact consumer beside it has noticed nothing.
    expect(effects.seen).toHaveLength(6);
    expect(await test.count("backbone.inbox where consumer = 'test-effect'")).toBe(6);
    // Nothing is left behind.
    expect(await inReplay()).toBe(0);
    await expect(test.nats.manager()?.consumers.info('replay', 'test-projection')).rejects.toThrow(/not found/);
    const [{ rebuilt_at }] = await test.rows("select rebuilt_at from backbone.consumer where name = 'test-projection'");
    expect(rebuilt_at).toBeInstanceOf(Date);
  }, 40_000);

  it('republishes the latest version of each aggregate only', async () => {
    await filled();
    await test.askForRebuild('test-projection');
    await rebuilt();
    expect(await kept()).toEqual(whole);
    expect(await test.count("backbone.inbox where consumer = 'test-projection'")).toBe(3);
  }, 40_000);

  it('waits for a publisher that is away, says so, and is fenced until it is done', async () => {
    const { running } = await filled({ sweep: false });
    await test.askForRebuild('test-projection');
    await waitFor(async () =>
      /^tasks to republish: /.test((await test.rows('select * from backbone.rebuild'))[0].waits_for),
    );
    expect(running.fresh('test-projection')).toBe(false);
    expect(await test.count('thing')).toBe(0);
    // A worker of the publisher starts.
    const { prisma, pool, nats, scope } = test;
    createOutbox({ publisher: 'tasks', prisma, pool, nats, log, registry: new Registry(), scope, sweep: true });
    await rebuilt();
    expect(await kept()).toEqual(whole);
  }, 40_000);

  it('begins anew when its driver died in the middle', async () => {
    await filled();
    // As kill -9 leaves it: somebody drives, the projection is half full, and so is the replay stream.
    await test.nats.manager()?.streams.add({ name: 'replay', subjects: ['replay.>'] });
    await test.nats
      .jetstream()
      ?.publish('replay.test-projection.tasks.thing.x.changed', encodeEnvelope(stored('ghost')));
    await test.rows("delete from thing where name <> 'a'");
    await test.rows(
      `insert into backbone.rebuild (consumer, attempt, driven_at, phase, events)
       values ('test-projection', $1, now(), 'replaying', 1)`,
      newId(),
    );
    await rebuilt();
    expect(await kept()).toEqual(whole);
    expect(await inReplay()).toBe(0);
  }, 40_000);

  it('goes on in another process when the one that drives it stops', async () => {
    const { stop } = await filled({ sweep: false });
    await test.askForRebuild('test-projection');
    await waitFor(
      async () =>
        (await test.rows('select phase from backbone.rebuild'))[0].phase === 'clearing' ||
        (await test.count('thing')) === 0,
    );
    await stop();
    expect(await test.rows('select attempt from backbone.rebuild')).toEqual([{ attempt: null }]);
    const { prisma, pool, nats, scope } = test;
    createOutbox({ publisher: 'tasks', prisma, pool, nats, log, registry: new Registry(), scope, sweep: true });
    test.run([projection, effect()]);
    await rebuilt();
    expect(await kept()).toEqual(whole);
  }, 40_000);

  it('does not take the fence away when another has begun anew', async () => {
    const { running } = await filled({ sweep: false });
    await test.askForRebuild('test-projection');
    await waitFor(async () => (await test.rows('select waits_for from backbone.rebuild'))[0].waits_for !== null);
    const other = newId();
    await test.rows("update backbone.rebuild set attempt = $1, driven_at = now() + interval '1 minute'", other);
    const { prisma, pool, nats, scope } = test;
    createOutbox({ publisher: 'tasks', prisma, pool, nats, log, registry: new Registry(), scope, sweep: true });
    // The first driver has given up once its durable consumer is no longer being pulled from.
    const waiting = async () => (await test.nats.manager()?.consumers.info('replay', 'test-projection'))?.num_waiting;
    await waitFor(async () => (await waiting()) === 0);
    expect(await test.rows('select attempt from backbone.rebuild')).toEqual([{ attempt: other }]);
    expect(running.fresh('test-projection')).toBe(false);
  }, 40_000);

  it('survives that NATS loses its store in the middle', async () => {
    await filled({ sweep: false });
    await test.askForRebuild('test-projection');
    await waitFor(async () => (await test.rows('select waits_for from backbone.rebuild'))[0].waits_for !== null);
    await test.natsServer.wipe();
    const { prisma, pool, nats, scope } = test;
    createOutbox({ publisher: 'tasks', prisma, pool, nats, log, registry: new Registry(), scope, sweep: true });
    await rebuilt();
    await waitFor(async () => (await test.count('thing')) === 3);
    expect(await kept()).toEqual(whole);
  }, 40_000);

  it('is refused while another table refers to the projection', async () => {
    await filled();
    await test.rows('create table lean (thing_id uuid references thing (id) on delete cascade)');
    await test.askForRebuild('test-projection');
    await waitFor(async () =>
      /lean refers to thing/.test((await test.rows('select * from backbone.rebuild'))[0].waits_for),
    );
    expect(await test.count('thing')).toBe(3);
  }, 40_000);
});

describe('a process that only answers calls', () => {
  it('relies on a projection while a worker follows its stream and nobody rebuilds it', async () => {
    const { stop } = await filled();
    const api = test.run([projection], { consume: false });
    const fresh = () => api.running.fresh('test-projection');
    await waitFor(fresh);
    await test.askForRebuild('test-projection');
    await waitFor(() => !fresh());
    await rebuilt();
    await waitFor(fresh);
    await stop();
    await waitFor(() => !fresh());
    expect(api.running.fresh('nobody')).toBe(false);
  }, 40_000);
});
