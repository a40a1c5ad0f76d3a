import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { refuse } from '#platform/errors.ts';
import { encodeEnvelope } from '#platform/outbox/envelope.ts';
import { waitFor } from '#platform/testing/index.ts';
import { effect, type Fixture, projection, startFixture, stored } from './fixture.ts';

let test: Fixture;
let poisonous: boolean;
beforeEach(async () => {
  test = await startFixture();
  poisonous = true;
});
afterEach(() => test.scope.close());

const failing = () =>
  effect({
    fail(name) {
      if (name === 'poison' && poisonous) throw new TypeError('cannot be handled');
    },
  });

/** A consumer with one dead letter. */
async function poisoned() {
  const started = test.run([failing()]);
  await test.commit('poison', 'a');
  await waitFor(async () => (await test.letters('test-effect')) === 1);
  await waitFor(async () => (await test.unhandled('test-effect')) === 0);
  return started;
}

describe('a dead letter that is replayed', () => {
  it('is handled by its own consumer, once, and goes when the effect is there', async () => {
    const { effects } = await poisoned();
    poisonous = false;
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letters('test-effect')) === 0);
    expect(await test.count("effect where name = 'poison'")).toBe(1);
    expect(effects.followed.sort()).toEqual(['a', 'poison']);
    expect(await test.count('backbone.inbox')).toBe(2);
    // Asked again, there is nothing to replay.
    expect((await test.askForReplay('test-effect')).rowCount).toBe(0);
  });

  it('stays when it fails again, with the new reason, and is not tried any more', async () => {
    const { effects } = await poisoned();
    const before = effects.seen.length;
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letter('test-effect')).attempts === 6);
    const letter = await test.letter('test-effect');
    expect(letter).toMatchObject({ replay_at: null, reason: 'TypeError: cannot be handled' });
    expect(letter.last_at.getTime()).toBeGreaterThan(letter.first_at.getTime());
    expect(effects.seen.length).toBe(before + 1);
    expect(await test.count("effect where name = 'poison'")).toBe(0);
  });

  it('has one effect when two processes replay it at once, twice', async () => {
    await poisoned();
    test.run([failing()]);
    poisonous = false;
    await test.askForReplay('test-effect');
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letters('test-effect')) === 0);
    expect(await test.count("effect where name = 'poison'")).toBe(1);
  });

  it('has one effect when the process died after the commit; what follows it is repeated', async () => {
    const { effects } = await poisoned();
    const letter = await test.letter('test-effect');
    // As it is left behind: the effect and the inbox key are committed, the row is still there.
    await test.rows('insert into backbone.inbox (consumer, event_id) values ($1, $2)', 'test-effect', letter.event_id);
    poisonous = false;
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letters('test-effect')) === 0);
    expect(await test.count("effect where name = 'poison'")).toBe(0);
    expect(effects.followed).toContain('poison');
  });

  it('waits for what is away, also for a process that runs at all', async () => {
    const { stop } = await poisoned();
    await stop();
    await test.askForReplay('test-effect');
    let outages = 2;
    const { effects } = test.run([
      effect({
        fail() {
          if (outages-- > 0) refuse('SERVICE_UNAVAILABLE', 'The owner is away');
        },
      }),
    ]);
    await waitFor(async () => (await test.letters('test-effect')) === 0);
    expect(effects.seen).toEqual(['poison', 'poison', 'poison']);
    expect(await test.count("effect where name = 'poison'")).toBe(1);
  });

  it('needs no NATS', async () => {
    await poisoned();
    await test.natsServer.kill();
    poisonous = false;
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letters('test-effect')) === 0);
    expect(await test.count("effect where name = 'poison'")).toBe(1);
  });

  it('is repeated until what follows the commit has succeeded', async () => {
    let failures = 0;
    test.run([
      effect({
        fail(name) {
          if (name === 'poison' && poisonous) throw new TypeError('cannot be handled');
        },
        follow() {
          if (failures-- > 0) throw new Error('Redis said no');
        },
      }),
    ]);
    await test.commit('poison');
    await waitFor(async () => (await test.letters('test-effect')) === 1);
    [poisonous, failures] = [false, 1];
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letter('test-effect')).reason === 'Error: Redis said no');
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letters('test-effect')) === 0);
    expect(await test.count("effect where name = 'poison'")).toBe(1);
  });

  it('keeps the highest version when its consumer keeps a projection', async () => {
    test.run([projection]);
    const event = stored('bad', { data: { thing: { name: 7 } }, version: 1 });
    await test.deliver(event);
    await waitFor(async () => (await test.letters('test-projection')) === 1);
    await test.deliver(stored('v2', { aggregateId: event.aggregateId, version: 2 }));
    await waitFor(async () => (await test.count('thing')) === 1);
    const repaired = encodeEnvelope({ ...event, data: { thing: { name: 'v1' } } });
    await test.rows('update backbone.dead_letter set event = $1::jsonb', repaired);
    await test.askForReplay('test-projection');
    await waitFor(async () => (await test.letters('test-projection')) === 0);
    expect(await test.rows('select name, version from thing')).toEqual([{ name: 'v2', version: 2 }]);
  });

  it('that is no event says so and stays', async () => {
    test.run([effect()]);
    const event = stored('a');
    await test.deliver(event, 'not json');
    await waitFor(async () => (await test.letters('test-effect')) === 1);
    await test.askForReplay('test-effect');
    await waitFor(async () => (await test.letter('test-effect')).attempts === 2);
    expect(await test.letter('test-effect')).toMatchObject({
      replay_at: null,
      reason: expect.stringMatching(/ZodError/),
    });
  });
});
