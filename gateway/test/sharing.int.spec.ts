import { describe, expect, it } from '@jest/globals';
import { waitFor } from '#platform/testing/waitFor.ts';
import { entryFeed } from './support/entryFeed.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import type { TestSocket } from './support/openSocket.ts';
import { testLive } from './support/testLive.ts';

const live = testLive({ SHARED_SUBSCRIPTIONS: 'on', SUBGRAPH_TIMEOUT_MS: '5000' });

const connectAs = (sub: string, sid = `${sub}-session`) =>
  live.connect({ authorization: `Bearer ${live.issuer.token({ sub, sid })}` });

async function gauge(name: string): Promise<number> {
  const text = await (await fetch(`${live.gateway.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Subscribes and waits until the gateway has so many subscriptions. */
async function subscribe(socket: TestSocket, id: string, query: string, variables?: Record<string, unknown>) {
  const before = await gauge('gateway_subscriptions');
  socket.subscribe(id, query, { variables });
  await waitFor(async () => (await gauge('gateway_subscriptions')) === before + 1);
}

const counts = async () => [
  await gauge('gateway_subscriptions'),
  await gauge('gateway_upstream_operations'),
  await gauge('gateway_shared_subscriptions'),
];

const query = 'subscription ($genre: Genre) { bookAdded(genre: $genre) { title author { name } } }';
const event = { id: '10', title: 'Ice', genre: 'NOVEL', author: { id: '1' } };
const seen = { data: { bookAdded: { title: 'Ice', author: { name: 'Ursula' } } } };

describe('sockets to a subgraph', () => {
  it('are shared by different subscriptions of different viewers, 1,000 on each', async () => {
    expect(live.books.sockets()).toBe(0);
    const people = await Promise.all(['ada', 'grace', 'edsger'].map((person) => connectAs(person)));
    const subscribeEach = (from: number, to: number) => {
      for (let shelf = from; shelf < to; shelf += 1) {
        const socket = people[shelf % people.length] as TestSocket;
        socket.subscribe(String(shelf), 'subscription ($shelf: Int) { entryAdded(shelf: $shelf) { text } }', {
          variables: { shelf },
        });
      }
      return waitFor(() => entryFeed.open() === to, { timeoutMs: 20_000 });
    };
    await subscribeEach(0, 1_000);
    expect([await gauge('gateway_upstream_operations'), live.books.sockets()]).toEqual([1_000, 1]);
    await subscribeEach(1_000, 1_002);
    expect(live.books.sockets()).toBe(2);
    // What is identical comes along on the operation that is there, and needs no socket.
    const before = await gauge('gateway_upstream_operations');
    const other = await connectAs('ada');
    await subscribe(other, 'same', 'subscription ($shelf: Int) { entryAdded(shelf: $shelf) { text } }', { shelf: 0 });
    expect([await gauge('gateway_upstream_operations'), entryFeed.open()]).toEqual([before, 1_002]);
    for (const { raw } of [...people, other]) raw.terminate();
    await waitFor(() => entryFeed.open() === 0);
  }, 60_000);
});

describe('identical subscriptions of one viewer', () => {
  it('share an upstream operation, which the last one to leave cancels', async () => {
    const [one, two] = [await connectAs('ada'), await connectAs('ada')];
    await subscribe(one, '1', query);
    await subscribe(one, '2', query);
    await subscribe(two, '1', query);
    await waitFor(() => libraryFeed.open() === 1);
    expect(await counts()).toEqual([3, 1, 2]);
    libraryFeed.publish('bookAdded', event);
    expect((await one.next('1')).payload).toEqual(seen);
    expect((await one.next('2')).payload).toEqual(seen);
    expect((await two.next('1')).payload).toEqual(seen);

    one.send({ type: 'complete', id: '1' });
    two.raw.terminate();
    await waitFor(async () => (await gauge('gateway_subscriptions')) === 1);
    expect([libraryFeed.open(), await counts()]).toEqual([1, [1, 1, 0]]);
    libraryFeed.publish('bookAdded', event);
    expect((await one.next('2')).payload).toEqual(seen);
    one.send({ type: 'complete', id: '2' });
    await waitFor(() => libraryFeed.open() === 0);
    expect(await counts()).toEqual([0, 0, 0]);
    one.raw.terminate();
  });

  it('do not share with other variables, another operation, another session or another viewer', async () => {
    const sockets = await Promise.all([
      connectAs('ada'),
      connectAs('ada', 'other'),
      connectAs('grace'),
      live.connect(),
    ]);
    const ada = sockets[0] as TestSocket;
    for (const [at, socket] of sockets.entries()) await subscribe(socket, String(at), query);
    await subscribe(ada, 'variables', query, { genre: 'POEM' });
    await subscribe(ada, 'operation', 'subscription { bookAdded { title } }');
    await waitFor(() => libraryFeed.open() === 6);
    expect(await counts()).toEqual([6, 6, 0]);
    for (const { raw } of sockets) raw.terminate();
    await waitFor(() => libraryFeed.open() === 0);
  });

  it('never show what is for one viewer to another', async () => {
    const people = ['ada', 'grace', 'edsger'];
    const sockets = await Promise.all([...people, ...people].map((person) => connectAs(person)));
    for (const socket of sockets)
      await subscribe(socket, '1', 'subscription { whispered { to text author { name } } }');
    await waitFor(() => libraryFeed.open() === people.length);
    expect(await counts()).toEqual([6, 3, 3]);
    for (let at = 0; at < 150; at += 1) {
      libraryFeed.publish('whispered', { to: people[at % 3], text: String(at), author: { id: '1' } });
    }
    const whispers = ({ messages }: TestSocket) => messages.filter(({ type }) => type === 'next');
    await waitFor(() => sockets.every((socket) => whispers(socket).length === 50));
    for (const [at, socket] of sockets.entries()) {
      expect(whispers(socket).map(({ payload }) => payload.data.whispered)).toEqual(
        Array.from({ length: 50 }, (_, n) => ({
          to: people[at % 3],
          text: String(n * 3 + (at % 3)),
          author: { name: 'Ursula' },
        })),
      );
      socket.raw.terminate();
    }
    await waitFor(() => libraryFeed.open() === 0);
  });

  it('that begin at a cursor share only as long as nothing has come: the second gets all from there, too', async () => {
    entryFeed.publish('before');
    const after = entryFeed.last();
    entryFeed.publish('missed');
    const resumed = 'subscription ($after: String) { entryAdded(after: $after) { text } }';
    const [one, two] = [await connectAs('ada'), await connectAs('ada')];
    await subscribe(one, '1', resumed, { after });
    expect((await one.next('1')).payload.data.entryAdded.text).toBe('missed');
    await subscribe(two, '1', resumed, { after });
    expect((await two.next('1')).payload.data.entryAdded.text).toBe('missed');
    expect(await counts()).toEqual([2, 2, 0]);
    one.raw.terminate();
    two.raw.terminate();
    await waitFor(() => entryFeed.open() === 0);
  });

  it('do not wait for the one of them that does not read', async () => {
    const [deaf, other] = [await connectAs('ada'), await connectAs('ada')];
    const flood = 'subscription { flood(size: 65536, count: 2000) { number } }';
    const wide = 'subscription { flood(size: 65536, count: 2000) { number text } }';
    deaf.raw.pause();
    await subscribe(deaf, '1', wide);
    await subscribe(other, '1', wide);
    await subscribe(other, '2', flood);
    await waitFor(() => other.messages.some(({ id, type }) => id === '1' && type === 'complete'), {
      timeoutMs: 20_000,
    });
    deaf.raw.resume();
    await deaf.waitForClose();
    expect(other.closed).toBeUndefined();
    const numbers = other.messages
      .filter(({ id, type }) => id === '1' && type === 'next')
      .map(({ payload }) => payload.data.flood.number);
    expect(numbers.at(-1)).toBe(1999);
    expect(numbers).toEqual(Array.from(numbers, (_, at) => at + (numbers[0] as number)));
    other.raw.terminate();
  }, 30_000);
});
