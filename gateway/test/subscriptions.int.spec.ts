import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { waitFor } from '#platform/testing/waitFor.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { listening, testLive } from './support/testLive.ts';

const live = testLive();

describe('a subscription', () => {
  it('forwards events in the shape that the client asked for, in order', async () => {
    const socket = await live.connect();
    await listening(
      socket,
      '1',
      `subscription Books($genre: Genre, $pages: Boolean!, $skip: Boolean = true) {
        added: bookAdded(genre: $genre) { ...names length: pages @include(if: $pages) title @skip(if: $skip) __typename }
      }
      fragment names on Book { id name: title ... on Medium { again: title } }`,
      { variables: { genre: 'NOVEL', pages: true } },
    );
    libraryFeed.publish('bookAdded', { id: '1', title: 'Ice', pages: 120, genre: 'NOVEL' });
    libraryFeed.publish('bookAdded', { id: '2', title: 'Howl', pages: 12, genre: 'POEM' });
    libraryFeed.publish('bookAdded', { id: '3', title: 'Dune', pages: null, genre: 'NOVEL' });
    const shape = (id: string, title: string, length: number | null) => ({
      type: 'next',
      id: '1',
      payload: { data: { added: { id, name: title, again: title, length, __typename: 'Book' } } },
    });
    expect(await socket.next('1')).toEqual(shape('1', 'Ice', 120));
    expect(await socket.next('1')).toEqual(shape('3', 'Dune', null));
    expect(
      Object.keys((socket.messages.at(-1) as { payload: { data: { added: object } } }).payload.data.added),
    ).toEqual(['id', 'name', 'again', 'length', '__typename']);
  });

  it('tells the types of an interface apart', async () => {
    const socket = await live.connect();
    await listening(
      socket,
      '1',
      'subscription { mediumAdded { title ... on Book { pages } ... on Film { minutes } } }',
    );
    libraryFeed.publish('mediumAdded', { __typename: 'Film', title: 'Alien', minutes: 117 });
    libraryFeed.publish('mediumAdded', { __typename: 'Book', title: 'Ice', pages: 120 });
    expect((await socket.next('1')).payload).toEqual({ data: { mediumAdded: { title: 'Alien', minutes: 117 } } });
    expect((await socket.next('1')).payload).toEqual({ data: { mediumAdded: { title: 'Ice', pages: 120 } } });
  });

  it('forwards errors of an event with their path; nulls go up as far as the schema says', async () => {
    const socket = await live.connect();
    await listening(socket, '1', 'subscription { b: bookAdded { t: title } }');
    libraryFeed.publish('bookAdded', { id: '1', title: null });
    const { payload } = await socket.next('1');
    expect(payload.data).toEqual({ b: null });
    expect(payload.errors).toHaveLength(1);
    expect(payload.errors[0]).toMatchObject({
      path: ['b', 't'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', incident: expect.any(String) },
    });
  });

  it('reaches into a second subgraph for each event', async () => {
    const socket = await live.connect();
    await listening(socket, '1', 'subscription { bookAdded { title writer: author { name } } }');
    libraryFeed.publish('bookAdded', { id: '10', title: 'The Dispossessed', author: { id: '1' } });
    expect((await socket.next('1')).payload).toEqual({
      data: { bookAdded: { title: 'The Dispossessed', writer: { name: 'Ursula' } } },
    });
  });

  it.each([
    'subscription ($if: Boolean!) { bookAdded @include(if: $if) { id } }',
    'subscription ($if: Boolean!) { ...f ...f } fragment f on Subscription { ... @skip(if: $if) { bookAdded { id } } }',
  ])('that might be of nothing is refused: %s', async (query) => {
    const socket = await live.connect();
    socket.subscribe('1', query, { variables: { if: true } });
    const { type, payload } = await socket.next('1');
    expect({ type, code: payload[0].extensions.code }).toEqual({ type: 'error', code: 'GRAPHQL_VALIDATION_FAILED' });
    expect((await live.gateway.query(query)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('is refused by the subgraph with the subgraph’s code, and goes through for a viewer', async () => {
    const anonymous = await live.connect();
    anonymous.subscribe('1', 'subscription { guarded { id } }');
    expect(await anonymous.next('1')).toMatchObject({
      payload: { errors: [{ path: ['guarded'], extensions: { code: 'UNAUTHENTICATED', serviceName: 'books' } }] },
    });
    expect((await anonymous.next('1')).type).toBe('complete');
    const viewer = await live.connect({ authorization: `bearer ${live.issuer.token()}` });
    await listening(viewer, '1', 'subscription { guarded { id } }');
    expect(live.books.calls.at(-1)).toEqual({
      caller: 'gateway',
      viewer: { userId: 'user-1', sessionId: 'session-1' },
      clientAddress: '127.0.0.1',
    });
  });

  it('masks what goes wrong in the subgraph', async () => {
    const socket = await live.connect();
    socket.subscribe('1', 'subscription { fails { id } }');
    const { payload } = await socket.next('1');
    expect(payload.errors).toMatchObject([
      { extensions: { code: 'INTERNAL_SERVER_ERROR', incident: expect.any(String) } },
    ]);
    expect(JSON.stringify(payload)).not.toContain('secret');
  });

  it('completes when the subgraph is done', async () => {
    const socket = await live.connect();
    socket.subscribe('1', 'subscription { flood(size: 1, count: 2) { number } }');
    const types = [await socket.next('1'), await socket.next('1'), await socket.next('1')].map(({ type }) => type);
    expect(types).toEqual(['next', 'next', 'complete']);
  });

  it('is cancelled upstream when the client completes it or goes away; its neighbours go on', async () => {
    const [one, two] = [await live.connect(), await live.connect()];
    const open = libraryFeed.open();
    await listening(one, 'a', 'subscription { bookAdded { title } }');
    await listening(one, 'b', 'subscription { bookAdded { id } }');
    await listening(two, 'a', 'subscription { bookAdded { pages } }');
    one.send({ type: 'complete', id: 'a' });
    await waitFor(() => libraryFeed.open() === open + 2);
    two.raw.terminate();
    await waitFor(() => libraryFeed.open() === open + 1);
    libraryFeed.publish('bookAdded', { id: '7', title: 'x' });
    expect((await one.next('b')).payload).toEqual({ data: { bookAdded: { id: '7' } } });
    expect(one.messages.filter(({ id }) => id === 'a')).toEqual([]);
  });
});

describe('a client that does not read', () => {
  it('is closed, and its subscription upstream with it', async () => {
    const open = libraryFeed.open();
    const socket = await live.connect();
    socket.raw.pause();
    await listening(socket, '1', 'subscription { flood(size: 65536, count: 20000) { text } }');
    await waitFor(() => libraryFeed.open() === open, { timeoutMs: 20_000 });
    socket.raw.resume();
    await socket.waitForClose();
    expect(live.gateway.lines.filter(({ msg }) => String(msg).includes('too slowly')).length).toBe(1);
  }, 30_000);
});

describe('a subgraph that goes away', () => {
  it('closes the sockets of its subscribers with 1012, so that they come back; others stay', async () => {
    const [subscriber, other] = [await live.connect(), await live.connect()];
    await listening(subscriber, '1', 'subscription { bookAdded { id } }');
    await live.books.stop();
    expect((await subscriber.waitForClose()).code).toBe(1012);
    // No error and no completion before: a client would take either for the end and not come back.
    expect(subscriber.messages.filter(({ id }) => id)).toEqual([]);
    other.subscribe('1', 'subscription { bookAdded { id } }');
    expect(await other.next('1')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'books' } }],
    });
    expect(other.closed).toBeUndefined();
    // Back within the timeout: whoever subscribes meanwhile waits for it.
    other.subscribe('2', 'subscription { bookAdded { id } }');
    const before = libraryFeed.open();
    await live.books.start();
    await waitFor(() => libraryFeed.open() > before);
    libraryFeed.publish('bookAdded', { id: '8', title: 'x' });
    expect((await other.next('2')).payload).toEqual({ data: { bookAdded: { id: '8' } } });
  });

  it('lets what was asked on the socket be answered first: a client that reconnects would ask it again', async () => {
    const socket = await live.connect();
    await listening(socket, '1', 'subscription { bookAdded { id } }');
    socket.subscribe('2', 'mutation { rename(id: "1", name: "slow") { name } }');
    socket.subscribe('3', '{ authors { id } }');
    await socket.next('3');
    await live.books.stop();
    libraryFeed.release();
    expect((await socket.next('2')).payload).toEqual({ data: { rename: { name: 'slow' } } });
    expect((await socket.waitForClose()).code).toBe(1012);
    await live.books.start();
  });

  it('is found again by an ordinary graphql-ws client, without a word of its own', async () => {
    const client = createClient({
      url: `${live.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryWait: async () => {},
    });
    const events: unknown[] = [];
    const ended: unknown[] = [];
    const before = libraryFeed.open();
    const cancel = client.subscribe(
      { query: 'subscription { bookAdded { id } }' },
      {
        next: ({ data }) => events.push(data),
        error: (error) => ended.push(error),
        complete: () => ended.push('complete'),
      },
    );
    await waitFor(() => libraryFeed.open() === before + 1);
    await live.books.stop();
    await live.books.start();
    await waitFor(() => {
      libraryFeed.publish('bookAdded', { id: '9', title: 'x' });
      return events.length > 0;
    });
    expect({ event: events[0], ended }).toEqual({ event: { bookAdded: { id: '9' } }, ended: [] });
    cancel();
    await client.dispose();
  });
});
