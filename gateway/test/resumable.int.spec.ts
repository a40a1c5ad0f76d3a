import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { entryFeed } from './support/entryFeed.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { openSocket, type TestSocket } from './support/openSocket.ts';
import { type Cable, startCable } from './support/startCable.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let books: TestSubgraph;
let cable: Cable;
let gateway: TestGateway;

beforeAll(async () => {
  const authors = await startSubgraph('authors', scope);
  books = await startSubgraph('books', scope);
  cable = await startCable(books.url, scope);
  gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url},books=${cable.url}`,
      SUBGRAPH_TIMEOUT_MS: '2000',
      SHARED_SUBSCRIPTIONS: 'off',
    },
    scope,
  );
});

/** An acknowledged socket with one subscription, which the subgraph runs. */
async function subscribe(query: string, variables?: Record<string, unknown>): Promise<TestSocket> {
  const socket = await openSocket(gateway.url, scope);
  await socket.init();
  const before = entryFeed.open() + libraryFeed.open();
  socket.subscribe('1', query, { variables });
  await waitFor(() => entryFeed.open() + libraryFeed.open() > before);
  return socket;
}

const textsOf = ({ messages }: TestSocket) =>
  messages.filter(({ id }) => id).map(({ payload }) => payload?.data?.entryAdded?.text);

const publish = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => {
    entryFeed.publish(`entry ${from + at}`);
    return `entry ${from + at}`;
  });

type Shape = () => [query: string, variables?: Record<string, unknown>];
const shapes: [string, Shape][] = [
  ['no cursor', () => ['subscription { entryAdded { text } }']],
  ['a variable', () => ['subscription ($a: String) { entryAdded(after: $a) { text } }', { a: entryFeed.last() }]],
  ['a variable that is not given', () => ['subscription ($a: String) { entryAdded(after: $a) { text } }']],
  [
    'a variable by default',
    () => [`subscription ($a: String = "${entryFeed.last()}") { entryAdded(after: $a) { text } }`],
  ],
  ['a literal', () => [`subscription { entryAdded(after: "${entryFeed.last()}", shelf: 1) { text } }`]],
  ['null', () => ['subscription ($s: Int) { entryAdded(after: null, shelf: $s) { text author { name } } }', { s: 1 }]],
  ['its own selection of the cursor', () => ['subscription { entryAdded { text at: cursor } }']],
  ['a cursor under a condition', () => ['subscription { entryAdded { text cursor @skip(if: true) } }']],
  ['an alias of its own', () => ['subscription S { entryAdded { resumeCursor: text text } }']],
];

describe('a subscription that can be resumed', () => {
  it('goes on where its subgraph was killed: 50 of them, each event once, whatever cursor the client gave', async () => {
    publish(1);
    const sockets = await Promise.all(
      Array.from({ length: 50 }, (_, at) => subscribe(...(shapes[at % shapes.length] as [string, Shape])[1]())),
    );
    const sent = publish(3);
    await waitFor(() => sockets.every((socket) => textsOf(socket).length === 3));
    for (let round = 1; round <= 3; round += 1) {
      cable.cut();
      sent.push(...publish(5, round * 100));
      if (round === 2) {
        await books.stop();
        await books.start();
      }
      cable.mend();
      sent.push(...publish(5, round * 100 + 50));
      await waitFor(() => sockets.every((socket) => textsOf(socket).length === sent.length), { timeoutMs: 20_000 });
    }
    await waitFor(() => entryFeed.open() === 50);
    sent.push(...publish(2, 1000));
    await waitFor(() => sockets.every((socket) => textsOf(socket).length === sent.length));
    for (const socket of sockets) {
      expect(textsOf(socket)).toEqual(sent);
      expect(socket.closed).toBeUndefined();
    }
    for (const { raw } of sockets) raw.terminate();
    await waitFor(() => entryFeed.open() === 0);
  }, 60_000);

  it.each(shapes)('shows the client nothing of it: %s', async (name, shape) => {
    const socket = await subscribe(...shape());
    publish(1);
    const { payload } = await socket.next('1');
    expect(Object.keys(payload.data.entryAdded).sort()).toEqual(
      {
        null: ['author', 'text'],
        'its own selection of the cursor': ['at', 'text'],
        'an alias of its own': ['resumeCursor', 'text'],
      }[name] ?? ['text'],
    );
    socket.raw.terminate();
    await waitFor(() => entryFeed.open() === 0);
  });

  it('that was begun at a cursor goes on from there before any event has come', async () => {
    publish(1);
    const socket = await subscribe('subscription ($a: String) { entryAdded(after: $a) { text } }', {
      a: entryFeed.last(),
    });
    cable.cut();
    const sent = publish(2, 50);
    cable.mend();
    await waitFor(() => textsOf(socket).length === 2);
    expect(textsOf(socket)).toEqual(sent);
    socket.raw.terminate();
  });

  it('has no place to go on from before the first event without a cursor: 1012', async () => {
    const socket = await subscribe('subscription { entryAdded { text } }');
    cable.cut();
    expect((await socket.waitForClose()).code).toBe(1012);
    cable.mend();
  });

  it('ends with 1012 when its subgraph stays away for longer than its patience', async () => {
    const socket = await subscribe('subscription { entryAdded { text } }');
    publish(1);
    await socket.next('1');
    cable.cut();
    const began = Date.now();
    expect((await socket.waitForClose()).code).toBe(1012);
    expect(Date.now() - began).toBeGreaterThan(1_000);
    cable.mend();
  });

  it('tells the client when its cursor has expired meanwhile, and completes', async () => {
    const socket = await subscribe('subscription { entryAdded { text } }');
    publish(1);
    await socket.next('1');
    cable.cut();
    publish(3);
    entryFeed.forget();
    cable.mend();
    expect((await socket.next('1')).payload.errors).toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
    expect((await socket.next('1')).type).toBe('complete');
    expect(socket.closed).toBeUndefined();
  });
});

describe('one that cannot be', () => {
  it('is closed with 1012 when its subgraph is killed: all 50', async () => {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => subscribe('subscription { bookAdded { id } }')));
    cable.cut();
    const codes = await Promise.all(sockets.map(async (socket) => (await socket.waitForClose()).code));
    expect(new Set(codes)).toEqual(new Set([1012]));
    expect(sockets.flatMap(({ messages }) => messages.filter(({ id }) => id))).toEqual([]);
    cable.mend();
  });
});
