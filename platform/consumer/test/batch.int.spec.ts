import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/index.ts';
import { ThingChanged } from '#platform/testing/testBackbone.ts';
import { statementConsumer } from '../defineConsumer.ts';
import { type Effects, type Fixture, projection, startFixture, stored } from './fixture.ts';

let test: Fixture;
beforeEach(async () => {
  test = await startFixture();
});
afterEach(() => test.scope.close());

type Row = { eventId: string; name: string };

/** Writes a row for each event, all of them in one statement. */
const writing = (
  more: {
    prepare?: (name: string) => Promise<string>;
    batches?: string[][];
    follow?: (name: string, written: Row[] | undefined) => void;
    gathers?: boolean;
  } = {},
) =>
  statementConsumer({
    name: 'test-writing',
    events: [ThingChanged],
    gathers: more.gathers ?? false,
    prepare: async (event, _deps: Effects) => (await more.prepare?.(event.data.thing.name)) ?? event.data.thing.name,
    effect(events) {
      more.batches?.push(events.map(({ prepared }) => prepared));
      const rows = events.map(({ event, prepared }) => ({ eventId: event.id, name: prepared }));
      return {
        name: 'write-effects',
        text: `insert into effect (event_id, name)
          select "eventId", name from jsonb_to_recordset($1::jsonb) as told ("eventId" uuid, name text)
          returning event_id as "eventId", name`,
        values: [JSON.stringify(rows)],
      };
    },
    async afterCommit(event, _deps: Effects, written?: Row[]) {
      more.follow?.(event.data.thing.name, written);
    },
  });

const names = async () => (await test.rows('select name from effect order by name')).map(({ name }) => name);
const settled = () => waitFor(async () => (await test.unhandled('test-writing')) === 0, { timeoutMs: 20_000 });

describe.each([false, true])('a consumer whose effect is a statement (that gathers: %s)', (gathers) => {
  it('takes what waits several at once, each of them once, and gives each what was written of it', async () => {
    const all = Array.from({ length: 200 }, (_, index) => `thing ${String(index).padStart(3, '0')}`);
    await test.commit(...all);
    const batches: string[][] = [];
    const followed: [string, Row[] | undefined][] = [];
    const { registry } = test.run([
      writing({ batches, gathers, follow: (name, written) => void followed.push([name, written]) }),
    ]);
    await waitFor(async () => followed.length === all.length);
    await settled();
    expect(await names()).toEqual(all);
    expect(batches.flat().sort()).toEqual(all);
    expect(batches.length).toBeLessThan(all.length / 4);
    for (const [name, written] of followed) expect(written).toEqual([{ eventId: expect.any(String), name }]);
    expect(await registry.metrics()).toMatch(/consumer="test-writing",outcome="handled"} 200/);
  });
});

it('of copies in one batch one has its effect; what follows is repeated without what was written', async () => {
  const event = stored('a');
  for (const one of [event, stored('b'), event, stored('c')]) await test.deliver(one);
  const followed: string[] = [];
  const { registry } = test.run([
    writing({ follow: (name, written) => void followed.push(`${name} ${written ? 'written' : 'had before'}`) }),
  ]);
  await waitFor(() => followed.length === 4);
  await settled();
  expect(await names()).toEqual(['a', 'b', 'c']);
  expect(followed.sort()).toEqual(['a had before', 'a written', 'b written', 'c written']);
  expect(await registry.metrics()).toMatch(/consumer="test-writing",outcome="repeated"} 1/);
  expect(await test.count('backbone.failure')).toBe(0);
});

it('a poison event in a batch is put aside alone', async () => {
  await test.database.pool.query(`alter table effect add check (name <> 'poison')`);
  await test.commit('a', 'poison', 'b', 'c');
  test.run([writing()]);
  await waitFor(async () => (await test.letters('test-writing')) === 1, { timeoutMs: 20_000 });
  await settled();
  expect(await names()).toEqual(['a', 'b', 'c']);
  expect(await test.letter('test-writing')).toMatchObject({ attempts: 5, reason: expect.stringMatching(/check/) });
  expect(await test.count('backbone.failure')).toBe(0);
}, 30_000);

it('one that has to wait for somebody who is away keeps no other one waiting', async () => {
  let away = true;
  await test.commit('a', 'waits', 'b');
  const { registry } = test.run([
    writing({
      prepare: async (name) => (name === 'waits' && away ? refuse('SERVICE_UNAVAILABLE', 'The owner is away') : name),
    }),
  ]);
  await waitFor(async () => (await names()).length === 2);
  expect(await names()).toEqual(['a', 'b']);
  away = false;
  await settled();
  expect(await names()).toEqual(['a', 'b', 'waits']);
  expect(await test.count('backbone.failure')).toBe(0);
  expect(await registry.metrics()).toMatch(/consumer="test-writing",outcome="handled"} 3/);
}, 20_000);

it('one whose lookup takes long keeps no other one waiting, neither those that came with it nor those after', async () => {
  let answer = () => {};
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // More than there are lanes, each with others beside it.
  const held = Array.from({ length: 6 }, (_, index) => `slow ${index}`);
  const others = Array.from({ length: 40 }, (_, index) => `other ${index}`);
  await test.commit(...held.flatMap((name, index) => [name, ...others.slice(index * 6, index * 6 + 6)]));
  test.run([
    writing({
      prepare: async (name) => {
        if (name.startsWith('slow')) await slow;
        return name;
      },
    }),
  ]);
  await waitFor(async () => (await test.count('effect')) === 36);
  await test.commit('late', ...others.slice(36));
  await waitFor(async () => (await test.count('effect')) === 41);
  expect(await test.count(`effect where name like 'slow%'`)).toBe(0);
  answer();
  await settled();
  expect(await test.count('effect')).toBe(47);
}, 20_000);

it('a text that Postgres does not take is put aside, too', async () => {
  test.run([writing()]);
  await test.deliver(stored('nul \u0000'));
  await waitFor(async () => (await test.letters('test-writing')) === 1, { timeoutMs: 15_000 });
  await settled();
  const { event } = await test.letter('test-writing');
  expect(Buffer.from(event.base64, 'base64').toString()).toMatch(/nul \\u0000/);
}, 20_000);

it('what comes again in bulk is taken several at once, and has no second effect', async () => {
  const events = Array.from({ length: 100 }, (_, index) => stored(`thing ${index}`));
  for (const event of events) await test.deliver(event);
  const batches: string[][] = [];
  const { registry } = test.run([writing({ batches })]);
  await waitFor(async () => (await test.count('effect')) === 100);
  await settled();
  batches.length = 0;
  const fresh = stored('fresh');
  await Promise.all([...events, fresh].map((event) => test.deliver(event)));
  await waitFor(async () => /consumer="test-writing",outcome="repeated"} 100/.test(await registry.metrics()));
  await settled();
  expect(await test.count('effect')).toBe(101);
  // Those that were had before are found out together: most of them are never tried by themselves.
  expect(batches.filter(({ length }) => length === 1).length).toBeLessThan(25);
}, 20_000);

it('when what follows fails for one of a batch, that is repeated for that one', async () => {
  let failures = 1;
  const followed: string[] = [];
  await test.commit('a', 'b', 'c');
  test.run([
    writing({
      follow(name) {
        followed.push(name);
        if (name === 'b' && failures-- > 0) throw new Error('Redis said no');
      },
    }),
  ]);
  await waitFor(() => followed.length === 4);
  await settled();
  expect(followed.sort()).toEqual(['a', 'b', 'b', 'c']);
  expect(await names()).toEqual(['a', 'b', 'c']);
  await waitFor(async () => (await test.count('backbone.failure')) === 0);
});

it('a state consumer keeps the latest of several versions in one batch', async () => {
  const [one, other] = [newId(), newId()];
  for (const version of [2, 5, 3, 1]) await test.deliver(stored(`v${version}`, { aggregateId: one, version }));
  await test.deliver(stored('other', { aggregateId: other, version: 1 }));
  const { registry } = test.run([projection]);
  await waitFor(async () => (await test.count('backbone.inbox')) === 5);
  expect(await test.rows('select name, version from thing order by version')).toEqual([
    { name: 'other', version: 1 },
    { name: 'v5', version: 5 },
  ]);
  await waitFor(async () => /consumer="test-projection",outcome="handled"} 5/.test(await registry.metrics()));
});
