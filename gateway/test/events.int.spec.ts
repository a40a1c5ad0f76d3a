import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { createScope } from '#platform/service/scope.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { entryFeed } from './support/entryFeed.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { eventsOf, openEvents } from './support/openEvents.ts';
import { startTestGateway } from './support/startTestGateway.ts';
import { testLive } from './support/testLive.ts';

const live = testLive({ SUBGRAPH_TIMEOUT_MS: '3000' });
const scope = testScope();

const post = (body: unknown, headers?: Record<string, string>) =>
  openEvents(`${live.gateway.url}/graphql`, scope, { body, ...(headers && { headers }) });
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  openEvents(`${live.gateway.url}/graphql?${new URLSearchParams(parameters)}`, scope, { method: 'GET', headers });
const preflighted = { 'apollo-require-preflight': '1' };

async function listening<T>(start: () => Promise<T>): Promise<T> {
  const before = libraryFeed.open() + entryFeed.open();
  const stream = await start();
  await waitFor(() => libraryFeed.open() + entryFeed.open() > before);
  return stream;
}

const added = 'subscription { bookAdded { title author { name } } }';
const book = { id: '10', title: 'Ice\n\ndata: 1', author: { id: '1' } };

async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${live.gateway.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(line))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

describe('an event stream', () => {
  it('carries the events of a subscription that reaches into two subgraphs, by POST and by GET', async () => {
    for (const start of [() => post({ query: added }), () => get({ query: added }, preflighted)]) {
      const stream = await listening(start);
      expect([stream.status, stream.headers['content-type'], stream.headers['cache-control']]).toEqual([
        200,
        'text/event-stream; charset=utf-8',
        'no-cache, no-transform',
      ]);
      libraryFeed.publish('bookAdded', book);
      libraryFeed.publish('bookAdded', { ...book, title: 'Dune', author: null });
      expect(await eventsOf(stream, 2)).toEqual([
        { event: 'next', data: { data: { bookAdded: { title: book.title, author: { name: 'Ursula' } } } } },
        { event: 'next', data: { data: { bookAdded: { title: 'Dune', author: null } } } },
      ]);
      expect(stream.ended()).toBeUndefined();
      stream.request.destroy();
      await waitFor(() => libraryFeed.open() === 0);
    }
    expect(await metric('gateway_closes_total{transport="events",code="gone"')).toBe(2);
  });

  it('carries queries and mutations, and completes, as a subscription does that is done', async () => {
    const query = await post({ query: '{ authors { name } }' });
    expect(await eventsOf(query, 2)).toEqual([
      { event: 'next', data: { data: { authors: [{ name: 'Ursula' }, { name: 'Octavia' }] } } },
      { event: 'complete' },
    ]);
    const variables = { title: 'Kindred' };
    const mutation = await post({
      query: 'mutation ($title: String!) { addBook(title: $title) { title } }',
      variables,
    });
    expect((await eventsOf(mutation, 2))[0]?.data).toEqual({ data: { addBook: { title: 'Kindred' } } });
    const byGet = await get(
      { query: 'query ($id: ID!) { author(id: $id) { name } }', variables: '{"id":"2"}' },
      preflighted,
    );
    expect((await eventsOf(byGet, 2))[0]?.data).toEqual({ data: { author: { name: 'Octavia' } } });
    const finite = await post({ query: 'subscription { flood(size: 1, count: 3) { number } }' });
    expect((await eventsOf(finite, 4)).map(({ event }) => event)).toEqual(['next', 'next', 'next', 'complete']);
    for (const stream of [query, mutation, byGet, finite]) await waitFor(() => stream.ended() === 'end');
  });

  it('tells what is wrong with an operation in a next event', async () => {
    const cases: [string, string][] = [
      ['{ caller', 'GRAPHQL_PARSE_FAILED'],
      ['subscription { nobody }', 'GRAPHQL_VALIDATION_FAILED'],
      ['subscription ($size: Int!) { flood(size: $size, count: 1) { number } }', 'BAD_USER_INPUT'],
      ['query ($id: ID!) { author(id: $id) { id } }', 'BAD_USER_INPUT'],
      ['subscription { guarded { id } }', 'UNAUTHENTICATED'],
    ];
    for (const [query, code] of cases) {
      const events = await eventsOf(await post({ query }), 2);
      expect([events[0]?.data.errors[0].extensions.code, events[1]]).toEqual([code, { event: 'complete' }]);
    }
  });

  it('obeys the rules of HTTP', async () => {
    const query = '{ authors { name } }';
    const plain = await openEvents(`${live.gateway.url}/graphql`, scope, {
      body: JSON.stringify({ query }),
      headers: { 'content-type': 'text/plain' },
    });
    const cases = await Promise.all([
      get({ query }),
      get({ query: added }),
      Promise.resolve(plain),
      post([{ query }]),
      post({ query: 1 }),
      post({ query, variables: [] }),
      post('{'),
      post({ query, variables: { title: 'x'.repeat(2 ** 20) } }),
      post({ query }, { authorization: 'Bearer nonsense' }),
    ]);
    expect(cases.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 400, 413, 401]);
    for (const refused of cases) {
      await waitFor(refused.ended);
      expect(refused.headers['content-type']).toMatch(/^application\/json/);
      expect(JSON.parse(refused.text()).errors).toHaveLength(1);
    }
    const mutation = await get({ query: 'mutation { addBook(title: "x") { id } }' }, preflighted);
    const calls = live.books.calls.length;
    expect((await eventsOf(mutation, 2))[0]?.data.errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(live.books.calls.length).toBe(calls);
  });

  it('is what a client gets that names other types too, for its subscriptions alone', async () => {
    const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
    const query = await post({ query: '{ authors { name } }' }, { accept });
    expect(query.headers['content-type']).toMatch(/^application\/(graphql-response\+)?json/);
    const stream = await post({ query: 'subscription { flood(size: 1, count: 1) { number } }' }, { accept });
    expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
    const refused = await post(
      { query: '{ authors { name } }' },
      { accept: 'text/event-stream;q=0, application/json' },
    );
    expect(refused.headers['content-type']).toMatch(/^application\/json/);
  });

  it('shows each 12 s that somebody is there', async () => {
    const stream = await listening(() => post({ query: added }));
    await waitFor(() => stream.text() === ':\n\n', { timeoutMs: 14_000 });
    stream.request.destroy();
    await waitFor(() => libraryFeed.open() === 0);
  }, 20_000);

  it('ends with UNAUTHENTICATED and the reason when its token expires', async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const authorization = `Bearer ${live.issuer.token({ exp })}`;
    const stream = await listening(() => post({ query: 'subscription { guarded { id } }' }, { authorization }));
    await waitFor(() => stream.ended() === 'end');
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 5);
    expect(stream.events()).toMatchObject([
      { event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'EXPIRED' } }] } },
      { event: 'complete' },
    ]);
    await waitFor(() => libraryFeed.open() === 0);
  });

  it('is cut off when its client does not read, and its subscription upstream with it', async () => {
    const stream = await post({ query: 'subscription { flood(size: 65536, count: 20000) { text } }' });
    stream.response.pause();
    await waitFor(() => libraryFeed.open() === 1);
    await waitFor(() => libraryFeed.open() === 0, { timeoutMs: 20_000 });
    expect(await metric('gateway_closes_total{transport="events",code="slow"')).toBe(1);
    stream.response.resume();
    await waitFor(() => stream.ended() === 'broken');
  }, 30_000);
});

describe('a gateway that stops', () => {
  it('breaks its event streams off, so that their clients come back, and does not wait for them', async () => {
    const own = createScope();
    const file = writeLibrarySupergraph();
    const { url } = await startTestGateway({ SUPERGRAPH: file, SUBGRAPH_URLS: `books=${live.books.url}` }, own);
    const stream = await listening(() =>
      openEvents(`${url}/graphql`, scope, { body: { query: added.replace('author { name }', '') } }),
    );
    const began = performance.now();
    await own.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    await waitFor(() => stream.ended());
    expect(stream.text()).toBe(': stopped, subscribe again\n\n');
    await waitFor(() => libraryFeed.open() === 0);
  });
});

describe('the client of graphql-sse', () => {
  it('subscribes, and comes back by itself when the subgraph goes away', async () => {
    const client = createClient({ url: `${live.gateway.url}/graphql`, retry: async () => {} });
    const events: unknown[] = [];
    const ended: unknown[] = [];
    const cancel = await listening(async () =>
      client.subscribe(
        { query: 'subscription { bookAdded { id } }' },
        {
          next: ({ data }) => events.push(data),
          error: (error) => ended.push(error),
          complete: () => ended.push('complete'),
        },
      ),
    );
    libraryFeed.publish('bookAdded', { id: '1', title: 'x' });
    await waitFor(() => events.length === 1);
    await live.books.stop();
    await live.books.start();
    await waitFor(() => {
      libraryFeed.publish('bookAdded', { id: '2', title: 'x' });
      return events.length > 1;
    });
    expect([events[1], ended]).toEqual([{ bookAdded: { id: '2' } }, []]);
    cancel();
    await waitFor(() => libraryFeed.open() === 0);
    client.dispose();
  });

  it('notices nothing when the subscription can be resumed', async () => {
    const client = createClient({ url: `${live.gateway.url}/graphql`, retryAttempts: 0 });
    const texts: unknown[] = [];
    const cancel = await listening(async () =>
      client.subscribe<{ entryAdded: { text: string } }>(
        { query: 'subscription { entryAdded { text } }' },
        {
          next: ({ data }) => texts.push(data?.entryAdded.text),
          error: (error) => texts.push(error),
          complete: () => {},
        },
      ),
    );
    entryFeed.publish('one');
    await waitFor(() => texts.length === 1);
    await live.books.stop();
    entryFeed.publish('two');
    await live.books.start();
    await waitFor(() => texts.length === 2);
    expect(texts).toEqual(['one', 'two']);
    cancel();
    client.dispose();
  });
});
