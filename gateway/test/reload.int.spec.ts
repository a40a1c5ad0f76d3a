import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { entryFeed } from './support/entryFeed.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { openSocket } from './support/openSocket.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let urls: { authors: string; books: string };
let booksGraph: TestSubgraph;
let file: string;
let gateway: TestGateway;

beforeAll(async () => {
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  urls = { authors: authors.url, books: books.url };
  booksGraph = books;
});

beforeEach(async () => {
  file = writeLibrarySupergraph(urls);
  gateway = await startTestGateway({ SUPERGRAPH: file, SUBGRAPH_TIMEOUT_MS: '30000' }, scope);
});

/** The same supergraph with a comment that makes it another text, and a description that clients see. */
const described = (description: string) =>
  readFileSync(file, 'utf8').replace(
    /(# \w+\n)?(""".*"""\n)?type Shelf/,
    `# ${Date.now()}\n"""${description}"""\ntype Shelf`,
  );

const description = async () =>
  (await gateway.query('{ __type(name: "Shelf") { description } }')).data?.__type?.description;

const reloads = async (outcome: string) => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((line) => line.startsWith('gateway_supergraph_reloads_total') && line.includes(outcome));
  return Number(line?.split(' ').at(-1) ?? 0);
};

const refusals = () => gateway.lines.filter(({ msg }) => String(msg).includes('the one before stays'));

describe('a supergraph that changes', () => {
  it('is reloaded: written in place, or put in place by a rename', async () => {
    writeFileSync(file, described('in place'));
    await waitFor(async () => (await description()) === 'in place');
    writeFileSync(`${file}.new`, described('renamed'));
    renameSync(`${file}.new`, file);
    await waitFor(async () => (await description()) === 'renamed');
    expect([await reloads('ok'), refusals()]).toEqual([2, []]);
  });

  it('is reloaded behind links that are turned to another folder, as in a ConfigMap', async () => {
    const folder = dirname(file);
    for (const version of ['one', 'two']) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'graph'), described(version));
    }
    symlinkSync('one', join(folder, '..data'));
    symlinkSync(join('..data', 'graph'), join(folder, 'graph'));
    gateway = await startTestGateway({ SUPERGRAPH: join(folder, 'graph') }, scope);
    expect(await description()).toBe('one');
    symlinkSync('two', join(folder, '..new'));
    renameSync(join(folder, '..new'), join(folder, '..data'));
    await waitFor(async () => (await description()) === 'two');
    expect(refusals()).toEqual([]);
  });

  it.each([
    ['is no supergraph', () => 'type Query { a: Int }', /SUPERGRAPH: .*is not a supergraph/],
    ['is cut off', () => readFileSync(file, 'utf8').slice(0, 2_000), /SUPERGRAPH: .*is not a supergraph/],
    [
      'has a subgraph without a URL',
      () => described('x').replaceAll(urls.books, ''),
      /the subgraph "books" has no URL/,
    ],
  ])('and %s is refused once, in one line, and what ran before goes on', async (_case, broken, reason) => {
    const good = described('good again');
    writeFileSync(file, broken());
    await waitFor(() => refusals().length === 1);
    expect((refusals()[0] as { err: { message: string } }).err.message).toMatch(reason);
    expect((await gateway.query('{ authors { books { title } } }')).errors).toBeUndefined();
    expect(await reloads('refused')).toBe(1);
    writeFileSync(file, good);
    await waitFor(async () => (await description()) === 'good again');
    expect(refusals()).toHaveLength(1);
  });

  it('moves a subgraph: /readyz looks where it is now', async () => {
    const degraded = async () =>
      ((await (await fetch(`${gateway.url}/readyz`)).json()) as { degraded: string[] }).degraded;
    expect(await degraded()).toEqual([]);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(urls.books, 'http://127.0.0.1:9/graphql'));
    await waitFor(async () => (await degraded()).includes('books'));
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('http://127.0.0.1:9/graphql', urls.books));
    await waitFor(async () => (await degraded()).length === 0);
  });

  it('ten times, its subgraph moving each time, leaves 1,000 subscribers where they are: each gets each event', async () => {
    // So that connections which nobody uses are let go of while it goes on.
    gateway = await startTestGateway({ SUPERGRAPH: file, REQUEST_TIMEOUT_MS: '1000' }, scope);
    const moved = (to: number) => described(`reload ${to}`).replaceAll(/(http:\S+?)(\?\d+)?"/g, `$1?${to}"`);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openSocket(gateway.url, scope)));
    await Promise.all(sockets.map((socket) => socket.init()));
    const open = libraryFeed.open() + entryFeed.open();
    // Some share, most don't: their variables differ, which the feed doesn't mind. One in ten reaches into the other subgraph.
    const selection = (id: number) => (id === 0 ? '{ text author { name } }' : '{ text }');
    for (const [at, socket] of sockets.entries()) {
      for (let id = 0; id < 10; id += 1) {
        const query = `subscription ($shelf: Int) { entryAdded(shelf: $shelf) ${selection(id)} }`;
        socket.subscribe(String(id), query, { variables: { shelf: (at * 10 + id) % 400 } });
      }
    }
    await waitFor(() => libraryFeed.open() + entryFeed.open() === open + 400, { timeoutMs: 30_000 });
    const sent: string[] = [];
    const publish = () => entryFeed.publish(`event ${sent.push(`event ${sent.length}`) - 1}`);
    const all = () => sockets.every(({ messages }) => messages.filter(({ id }) => id).length === 10 * sent.length);
    for (let reload = 1; reload <= 10; reload += 1) {
      publish();
      writeFileSync(file, moved(reload));
      await waitFor(async () => (await reloads('ok')) === reload, { timeoutMs: 30_000 });
      publish();
      await waitFor(all, { timeoutMs: 60_000 });
    }
    for (const { messages, closed } of sockets) {
      expect(closed).toBeUndefined();
      for (let id = 0; id < 10; id += 1) {
        const events = messages.filter((message) => message.id === String(id));
        expect(events.map(({ payload }) => payload.data?.entryAdded)).toEqual(
          sent.map((text) => ({ text, ...(id === 0 && { author: { name: 'Ursula' } }) })),
        );
      }
    }
    // The last to leave takes the connection along: nothing else uses where the subgraph was.
    for (const { raw } of sockets) raw.terminate();
    await waitFor(() => booksGraph.sockets() === 0);
  }, 180_000);
});
