import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { refuse } from '#platform/errors.ts';
import { waitFor, writersOfInbox } from '#platform/testing/index.ts';
import { type TestTransaction, ThingChanged } from '#platform/testing/testBackbone.ts';
import { factConsumer } from '../defineConsumer.ts';
import { type Effects, type Fixture, startFixture, stored } from './fixture.ts';

let test: Fixture;
beforeEach(async () => {
  test = await startFixture();
});
afterEach(() => test.scope.close());

/** A consumer that looks something up first, and writes what it found. */
const looking = (lookUp: (name: string) => Promise<string>) =>
  factConsumer({
    name: 'test-looking',
    events: [ThingChanged],
    prepare: (event, _deps: Effects) => lookUp(event.data.thing.name),
    async handle(tx: TestTransaction, event, _deps, found) {
      await tx.$executeRaw`insert into effect (event_id, name) values (${event.id}::uuid, ${found})`;
    },
  });

it('prepare runs before the transaction begins, and what it found is what handle gets', async () => {
  const open: number[] = [];
  test.run([
    looking(async (name) => {
      open.push(await writersOfInbox(test.database.pool));
      return `${name}, looked up`;
    }),
  ]);
  await test.deliver(stored('a'));
  expect(await waitFor(async () => (await test.rows('select name from effect'))[0])).toEqual({ name: 'a, looked up' });
  expect(open).toEqual([0]);
});

it('prepare that fails is counted like the handler; what it needs being away is an outage', async () => {
  let times = 0;
  test.run([
    looking(async (name) => {
      times += 1;
      if (name === 'poison') throw new TypeError('cannot be looked up');
      return times < 3 ? refuse('SERVICE_UNAVAILABLE', 'The owner is away') : name;
    }),
  ]);
  await test.deliver(stored('a'));
  await waitFor(async () => (await test.count('effect')) === 1);
  expect(await test.count('backbone.failure')).toBe(0);
  await test.deliver(stored('poison'));
  await waitFor(async () => (await test.letters('test-looking')) === 1);
  expect((await test.letter('test-looking')).reason).toBe('TypeError: cannot be looked up');
}, 20_000);
