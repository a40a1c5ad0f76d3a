import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway } from './support/startTestGateway.ts';

const scope = testScope();
const supergraph = writeLibrarySupergraph();
let authors: TestSubgraph;
let books: TestSubgraph;

beforeAll(async () => {
  [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
});

const start = (variables: Record<string, string> = {}) =>
  startTestGateway(
    { SUPERGRAPH: supergraph, SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`, ...variables },
    scope,
  );

it('a request is answered within its own limit, below that of each subgraph', async () => {
  const hanging = await startRawServer(() => {}, scope);
  const gateway = await start({
    SUBGRAPH_URLS: `authors=${authors.url},books=${hanging}`,
    SUBGRAPH_TIMEOUT_MS: '20000',
    REQUEST_TIMEOUT_MS: '300',
  });
  const began = performance.now();
  const { data, errors } = await gateway.query('{ author(id: "1") { name books { title } } }');
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(data).toEqual({ author: { name: 'Ursula', books: null } });
  expect(errors?.[0]).toMatchObject({ path: ['author', 'books'], extensions: { code: 'SERVICE_UNAVAILABLE' } });
});

describe('a header', () => {
  const headers = { 'gateway-explain': '1' };
  const query = '{ author(id: "1") { books { title } } }';
  const ask = async (variables: Record<string, string>, given: Record<string, string>) => {
    const gateway = await start(variables);
    const answer = (await gateway.query(query, { headers: given })) as unknown as {
      data: unknown;
      extensions?: { explain: unknown };
    };
    expect(answer.data).toEqual({
      author: { books: [{ title: 'The Dispossessed' }, { title: 'The Lathe of Heaven' }] },
    });
    return answer.extensions;
  };

  it('asks how an operation is executed', async () => {
    expect(await ask({}, headers)).toEqual({
      explain: {
        compiled: true,
        plan: expect.stringContaining('Flatten(path: "author")'),
        fetches: [
          expect.objectContaining({ service: 'authors', path: '', variables: [] }),
          expect.objectContaining({
            service: 'books',
            path: 'author',
            requires: '{ ... on Author { __typename id } }',
          }),
        ],
      },
    });
  });

  it('is needed for that, and means nothing in production', async () => {
    expect(await ask({}, {})).toBeUndefined();
    const keys = Object.fromEntries(
      ['authors', 'books'].map((name) => [name, Buffer.alloc(32, 1).toString('base64url')]),
    );
    const callKeys = Object.entries(keys).map(([name, key]) => `gateway>${name}:${key}`);
    const production = await start({ NODE_ENV: 'production', IDENTITY: 'off', CALL_KEYS: callKeys.join(',') });
    // Its keys aren't those of the subgraphs: what matters here is what is not in the answer.
    const answer = await production.query(query, { headers });
    expect(answer).not.toHaveProperty('extensions');
  });
});

it('@defer and @stream are refused in plain words', async () => {
  const gateway = await start();
  for (const [name, query] of [
    ['defer', '{ author(id: "1") { id ... @defer { name } } }'],
    ['stream', '{ authors @stream { id } }'],
  ] as const) {
    const { status, errors } = await gateway.query(query);
    expect(status).toBe(400);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(errors?.map(({ message }) => message)).toContain(
      `@${name} is not supported: an answer comes whole. Send the operation without it.`,
    );
  }
});
