import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let authors: TestSubgraph;
/** What the subgraph of the books answers now. */
let answer: RequestListener;
let gateway: TestGateway;

beforeAll(async () => {
  authors = await startSubgraph('authors', scope);
  const books = await startRawServer((request, response) => answer(request, response), scope);
  gateway = await startTestGateway(
    { SUPERGRAPH: writeLibrarySupergraph(), SUBGRAPH_URLS: `authors=${authors.url},books=${books}` },
    scope,
  );
});

const json = (value: unknown) => (_request: IncomingMessage, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
};

const codes = (errors: { extensions: Record<string, unknown> }[] | undefined) =>
  errors?.map(({ extensions }) => extensions.code);

const titles = '{ authors { name books { title } } }';
const names = [{ name: 'Ursula' }, { name: 'Octavia' }];

/** Afterwards everything is as before. */
async function goesOn(): Promise<void> {
  answer = json({ data: { shelf: { name: 'A' } } });
  expect((await gateway.query('{ shelf { name } }')).data).toEqual({ shelf: { name: 'A' } });
}

describe('a subgraph that answers', () => {
  it.each<[string, unknown, unknown]>([
    ['too few entities', { _entities: [{ books: [{ title: 'x' }] }] }, [{ books: null }, { books: null }]],
    ['none', { _entities: [] }, [{ books: null }, { books: null }]],
    [
      'too many',
      { _entities: ['x', 'y', 'z'].map((title) => ({ books: [{ title }] })) },
      [{ books: null }, { books: null }],
    ],
    ['no list of them', { _entities: 'nothing' }, [{ books: null }, { books: null }]],
    ['entities that are none', { _entities: [7, 'x'] }, [{ books: null }, { books: null }]],
    ['entities that are null', { _entities: [null, null] }, [{ books: null }, { books: null }]],
    [
      'other entities than were asked for',
      {
        _entities: [
          { __typename: 'Author', id: '77', books: [] },
          { __typename: 'Film', id: '78', books: [] },
        ],
      },
      [{ books: [] }, { books: [] }],
    ],
  ])('%s costs its own fields at most', async (_case, data, books) => {
    answer = json({ data });
    const result = await gateway.query(titles);
    expect(result.status).toBe(200);
    expect(result.data.authors).toEqual((books as object[]).map((part, at) => ({ ...names[at], ...part })));
    await goesOn();
  });

  // The fields of an entity are those that its subgraphs say, also those that they weren't asked for: so does @apollo/gateway.
  it.each<[string, object[], unknown]>([
    [
      'other ids',
      [
        { __typename: 'Author', id: '77', books: [] },
        { __typename: 'Author', id: '78', books: [] },
      ],
      [
        { id: '77', name: 'Ursula', books: [] },
        { id: '78', name: 'Octavia', books: [] },
      ],
    ],
    [
      'another name, which is not its own to say',
      [{ name: 'Mallory', books: [] }, { books: [] }],
      [
        { id: '1', name: 'Mallory', books: [] },
        { id: '2', name: 'Octavia', books: [] },
      ],
    ],
    [
      'the ids of the others',
      [
        { id: '2', books: [{ title: 'of 2' }] },
        { id: '1', books: [{ title: 'of 1' }] },
      ],
      [
        { id: '2', name: 'Ursula', books: [{ title: 'of 2' }] },
        { id: '1', name: 'Octavia', books: [{ title: 'of 1' }] },
      ],
    ],
  ])('%s in entities, without being asked for it, is believed', async (_case, _entities, expected) => {
    answer = json({ data: { _entities } });
    const { status, data, errors } = await gateway.query('{ authors { id name books { title } } }');
    expect([status, data, errors]).toEqual([200, { authors: expected }, undefined]);
    await goesOn();
  });

  it.each<[string, string, unknown, unknown]>([
    ['a field', '{ shelf { name strict } }', { shelf: { name: 'A', strict: null } }, { shelf: null }],
    [
      'an element and its list',
      '{ books { id } shelf { name } }',
      { books: [{ id: '1' }, null], shelf: { name: 'A' } },
      null,
    ],
    ['the root', '{ books { id } }', { books: null }, null],
    ['nothing at all', '{ shelf { name } }', {}, { shelf: null }],
  ])('null where the schema has none: %s', async (_case, query, data, expected) => {
    answer = json({ data });
    const result = await gateway.query(query);
    expect([result.status, result.data]).toEqual([200, expected]);
    await goesOn();
  });

  it('another kind of value than the schema says', async () => {
    answer = json({ data: { shelf: [1, 2] } });
    const { status, data } = await gateway.query('{ shelf { name } }');
    expect([status, data]).toEqual([200, { shelf: null }]);
    await goesOn();
  });

  it('invalid UTF-8: not a byte of it reaches the client as such', async () => {
    answer = (_request, response) => {
      response.end(
        Buffer.concat([
          Buffer.from('{"data":{"shelf":{"name":"a'),
          Buffer.from([0xff, 0xc3, 0x28]),
          Buffer.from('z"}}}'),
        ]),
      );
    };
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ shelf { name } }' }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    // Each of them is replaced, as the decoding of UTF-8 has it; what follows is there.
    expect([response.status, read]).toEqual([200, { data: { shelf: { name: 'a\ufffd\ufffd(z' } } }]);
    await goesOn();
  });

  it('10 MB, which it may', async () => {
    const title = 'x'.repeat(1024);
    const count = 10 * 1024;
    answer = json({ data: { books: Array.from({ length: count }, () => ({ title })) } });
    const { data, errors } = await gateway.query('{ books { title } }');
    expect([errors, data.books.length, data.books.at(-1)]).toEqual([undefined, count, { title }]);
    await goesOn();
  });

  it('without an end: it is cut off at 32 MB', async () => {
    let closed = false;
    answer = (_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, '[');
      const write = () => {
        if (closed) return;
        if (response.write(chunk)) setImmediate(write);
        else response.once('drain', write);
      };
      response.once('close', () => {
        closed = true;
      });
      write();
    };
    const { data, errors } = await gateway.query('{ shelf { name } }');
    expect([data, codes(errors)]).toEqual([{ shelf: null }, ['SERVICE_UNAVAILABLE']]);
    await waitFor(() => closed);
    await goesOn();
  }, 20_000);

  it('errors that have other shapes than they should', async () => {
    answer = json({ data: { shelf: null }, errors: [{ message: 'x', path: 'shelf', extensions: null, locations: 7 }] });
    const { status, data, errors } = await gateway.query('{ shelf { name } }');
    expect([status, data, errors?.length]).toEqual([200, { shelf: null }, 1]);
    await goesOn();
  });

  it('a body that never comes, to a mutation: it is sent once', async () => {
    let bodies = 0;
    answer = (request, response) => {
      void text(request).then(() => {
        bodies += 1;
        response.writeHead(200, { 'content-length': 10 }).write('{', () => response.destroy());
      });
    };
    const { data, errors } = await gateway.query('mutation { addBook(title: "x") { id } }');
    expect([data, codes(errors), bodies]).toEqual([{ addBook: null }, ['SERVICE_UNAVAILABLE'], 1]);
  });
});
