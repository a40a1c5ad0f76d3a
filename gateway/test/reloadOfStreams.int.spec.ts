import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { entryFeed } from './support/entryFeed.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { openEvents, type TestEvents } from './support/openEvents.ts';
import { openSocket, type TestSocket } from './support/openSocket.ts';
import { type Cable, startCable } from './support/startCable.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
const REQUEST_MS = 300;
let gateway: TestGateway;
let file: string;
let cable: Cable;
let books: TestSubgraph;
let authors: TestSubgraph;
let socket: TestSocket;

beforeEach(async () => {
  [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  cable = await startCable(books.url, scope);
  file = writeLibrarySupergraph({ authors: authors.url, books: cable.url });
  gateway = await startTestGateway({ SUPERGRAPH: file, REQUEST_TIMEOUT_MS: String(REQUEST_MS) }, scope);
  socket = await openSocket(gateway.url, scope);
  await socket.init();
});

/** Both subgraphs are somewhere else afterwards: of what was before, only what streams hold is kept. */
async function reload(): Promise<void> {
  const count = () => gateway.lines.filter(({ msg }) => String(msg).includes('reloaded')).length;
  const before = count();
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/graphql(\?moved=\d+)?"/g, `graphql?moved=${before}"`));
  await waitFor(() => count() > before);
  const replacedAt = performance.now();
  await waitFor(() => performance.now() - replacedAt > 2 * REQUEST_MS);
}

const events = (body: object): Promise<TestEvents> => openEvents(`${gateway.url}/graphql`, scope, { body });
const overSocket = () => socket.messages.filter(({ id }) => id === '1').map(({ payload }) => payload);
const overEvents = (stream: TestEvents) => stream.events().map(({ data }) => data);
const name = { name: 'Ursula' };

describe('after a reload that moves the subgraphs', () => {
  const entry = (text: string) => ({ data: { entryAdded: { text, author: name } } });
  const query = 'subscription ($shelf: Int) { entryAdded(shelf: $shelf) { text author { name } } }';

  it('streams that can be resumed go on, also when the connection to the subgraph is lost then', async () => {
    const before = entryFeed.open();
    socket.subscribe('1', query, { variables: { shelf: 1 } });
    const stream = await events({ query, variables: { shelf: 2 } });
    await waitFor(() => entryFeed.open() === before + 2);
    const sent: object[] = [];
    const all = async (text: string) => {
      entryFeed.publish(text);
      sent.push(entry(text));
    };
    const arrived = () =>
      waitFor(() => overSocket().length === sent.length && overEvents(stream).length === sent.length);
    await all('before');
    await arrived();
    await reload();
    await all('after the reload');
    await arrived();
    cable.cut();
    await all('while it was lost');
    cable.mend();
    await all('found again');
    await arrived();
    await reload();
    await all('after another');
    await arrived();
    expect([overSocket(), overEvents(stream)]).toEqual([sent, sent]);
    expect([socket.closed, stream.ended()]).toEqual([undefined, undefined]);
  }, 30_000);

  it('others go on, and make their clients come back when the connection is lost', async () => {
    const added = 'subscription ($genre: Genre) { bookAdded(genre: $genre) { title author { name } } }';
    const before = libraryFeed.open();
    socket.subscribe('1', added);
    const stream = await events({ query: added, variables: { genre: 'NOVEL' } });
    await waitFor(() => libraryFeed.open() === before + 2);
    await reload();
    libraryFeed.publish('bookAdded', { id: '9', title: 'Ice', genre: 'NOVEL', author: { id: '1' } });
    await waitFor(() => overSocket().length === 1 && overEvents(stream).length === 1);
    const expected = [{ data: { bookAdded: { title: 'Ice', author: name } } }];
    expect([overSocket(), overEvents(stream)]).toEqual([expected, expected]);
    cable.cut();
    expect((await socket.waitForClose()).code).toBe(1012);
    await waitFor(stream.ended);
    expect(stream.events().map(({ event }) => event)).toEqual(['next']);
  }, 30_000);
});
