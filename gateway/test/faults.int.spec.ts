import type { RequestListener } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { authors, writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let authorsGraph: TestSubgraph;
let booksGraph: TestSubgraph;
let gateway: TestGateway;
let supergraph: string;

const both = `{ authors { id name books { title } } }`;

beforeAll(async () => {
  supergraph = writeLibrarySupergraph();
  [authorsGraph, booksGraph] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  gateway = await startTestGateway(
    { SUPERGRAPH: supergraph, SUBGRAPH_URLS: `authors=${authorsGraph.url},books=${booksGraph.url}` },
    scope,
  );
});

describe('entities', () => {
  it('cross subgraphs', async () => {
    const { data, errors } = await gateway.query(both);
    expect(errors).toBeUndefined();
    expect(data.authors).toEqual([
      { id: '1', name: 'Ursula', books: [{ title: 'The Dispossessed' }, { title: 'The Lathe of Heaven' }] },
      { id: '2', name: 'Octavia', books: [{ title: 'Kindred' }] },
    ]);
  });
});

describe('a subgraph that is down', () => {
  it('costs its own fields, each with an error that names it; it is used again once it is back', async () => {
    await booksGraph.stop();
    const { status, data, errors } = await gateway.query(`${both.slice(0, -1)} all: books { id } }`);
    expect(status).toBe(200);
    expect(data).toBeNull(); // books is not nullable: [Book!]!
    expect(errors?.map(({ path }) => path)).toContainEqual(['all']);

    const partial = await gateway.query(`{ shelf { name } authors { id titles: books { title } } }`);
    expect(partial.data).toEqual({
      shelf: null,
      authors: [
        { id: '1', titles: null },
        { id: '2', titles: null },
      ],
    });
    const extensions = { code: 'SERVICE_UNAVAILABLE', serviceName: 'books' };
    expect(partial.errors).toHaveLength(3);
    for (const path of [['shelf'], ['authors', 0, 'titles'], ['authors', 1, 'titles']]) {
      expect(partial.errors).toContainEqual(expect.objectContaining({ path, extensions }));
    }

    await booksGraph.start();
    expect((await gateway.query(both)).errors).toBeUndefined();
  });
});

describe('a subgraph that misbehaves', () => {
  const cases: [string, RequestListener][] = [
    ['hangs', () => {}],
    ['hangs after its headers', (_request, response) => void response.writeHead(200).write('{"data":')],
    ['closes at once', (request) => void request.socket.destroy()],
    [
      'dies in mid-body',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"data":{"shelf"', () => response.destroy());
      },
    ],
    ['answers garbage', (_request, response) => void response.end('<<>>')],
    ['answers HTML with 500', (_request, response) => void response.writeHead(500).end('<h1>secret</h1>')],
    ['answers JSON that is not GraphQL', (_request, response) => void response.end('{"ok":true}')],
    ['answers a list', (_request, response) => void response.end('[1,2]')],
    ['answers null', (_request, response) => void response.end('null')],
    ['answers data that is text', (_request, response) => void response.end('{"data":"x"}')],
    ['answers errors that are none', (_request, response) => void response.end('{"errors":["x"]}')],
    ['answers 204', (_request, response) => void response.writeHead(204).end()],
    ['answers 503', (_request, response) => void response.writeHead(503).end()],
  ];

  it.each(cases)('%s: SERVICE_UNAVAILABLE, the others answer', async (_name, answer) => {
    const url = await startRawServer(answer, scope);
    const own = await startTestGateway(
      {
        SUPERGRAPH: supergraph,
        SUBGRAPH_URLS: `authors=${authorsGraph.url},books=${url}`,
        SUBGRAPH_TIMEOUT_MS: '300',
      },
      scope,
    );
    const began = performance.now();
    const { status, data, errors } = await own.query('{ shelf { name } authors { name } }');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect({ status, data }).toEqual({
      status: 200,
      data: { shelf: null, authors: authors.map(({ name }) => ({ name })) },
    });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['shelf'],
      extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'books' },
    });
    expect(JSON.stringify(errors)).not.toMatch(/secret|<|127\.0\.0\.1|stack/i);
  });

  it('takes a mutation once, even when it dies before it answers', async () => {
    let taken = 0;
    const url = await startRawServer((request) => {
      taken += 1;
      request.on('data', () => request.socket.destroy());
    }, scope);
    const own = await startTestGateway(
      { SUPERGRAPH: supergraph, SUBGRAPH_URLS: `authors=${authorsGraph.url},books=${url}` },
      scope,
    );
    const { data, errors } = await own.query('mutation { addBook(title: "Parable") { id } }');
    expect({ data, codes: errors?.map((error) => error.extensions.code) }).toEqual({
      data: { addBook: null },
      codes: ['SERVICE_UNAVAILABLE'],
    });
    expect(taken).toBe(1);
  });
});

describe('errors of a subgraph', () => {
  it('keep their code and what belongs to it', async () => {
    const { data, errors } = await gateway.query('{ refused }');
    expect(data).toEqual({ refused: null });
    expect(errors?.[0]).toMatchObject({
      message: 'Not for you',
      path: ['refused'],
      extensions: { code: 'FORBIDDEN', hint: 'ask', serviceName: 'authors' },
    });
  });

  it('that are unexpected are masked once: the incident is the subgraph’s, and not logged here again', async () => {
    const before = gateway.lines.length;
    const { errors } = await gateway.query('{ broken }');
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(errors?.[0]?.extensions.incident).toEqual(expect.any(String));
    expect(errors?.[0]).toMatchObject({ path: ['broken'], extensions: { serviceName: 'authors' } });
    expect(JSON.stringify(errors)).not.toMatch(/secret|stack/);
    expect(gateway.lines.slice(before).filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('without a code are masked and logged once, under the incident that the client is told', async () => {
    const url = await startRawServer((_request, response) => {
      response.end('{"data":null,"errors":[{"message":"secret","extensions":{"exception":{"stacktrace":["at x"]}}}]}');
    }, scope);
    const own = await startTestGateway(
      { SUPERGRAPH: supergraph, SUBGRAPH_URLS: `authors=${authorsGraph.url},books=${url}` },
      scope,
    );
    const { errors } = await own.query('{ shelf { name } }');
    expect(errors).toHaveLength(1);
    expect(Object.keys(errors?.[0]?.extensions ?? {}).sort()).toEqual(['code', 'incident', 'serviceName']);
    expect(errors?.[0]?.extensions.serviceName).toBe('books');
    expect(JSON.stringify(errors)).not.toMatch(/secret|stacktrace/);
    const { incident } = errors?.[0]?.extensions ?? {};
    expect(own.lines.filter((line) => line.incident === incident)).toHaveLength(1);
  });

  it('that refuse our call are ours: the client did not write it', async () => {
    const key = Buffer.alloc(32, 1).toString('base64url');
    const own = await startTestGateway(
      {
        SUPERGRAPH: supergraph,
        SUBGRAPH_URLS: `authors=${authorsGraph.url},books=${booksGraph.url}`,
        CALL_KEYS: `gateway>authors:${key},gateway>books:${key}`,
      },
      scope,
    );
    const { errors } = await own.query('{ shelf { name } }');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(own.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});
