import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { type library, writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let subgraphs: Record<keyof typeof library, TestSubgraph>;
let gateway: TestGateway;
let variables: Record<string, string>;

beforeAll(async () => {
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  subgraphs = { authors, books };
  variables = {
    SUPERGRAPH: writeLibrarySupergraph(),
    SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`,
    PROXY_ROUTES: `/plain=${await startRawServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/x-plain', 'cache-control': 'max-age=60', 'set-cookie': 'a=b' });
      response.end(`${request.method} ${request.headers.authorization ?? 'nobody'}`);
    }, scope)},/gone=http://127.0.0.1:9/,/endless=${await startRawServer(endless.answer, scope)}`,
  };
  gateway = await startTestGateway(variables, scope);
});

/** An answer in chunks that doesn't end by itself. */
const endless = {
  bytes: 0,
  closed: false,
  answer: (_request: unknown, response: ServerResponse) => {
    const chunk = Buffer.alloc(64 * 1024);
    const write = () => {
      if (response.destroyed) return;
      endless.bytes += chunk.length;
      if (response.write(chunk)) setImmediate(write);
      else response.once('drain', write);
    };
    response.once('close', () => {
      endless.closed = true;
    });
    write();
  },
};

const key = Buffer.alloc(32).toString('base64url');
const CALL_KEYS = `gateway>authors:${key},gateway>books:${key}`;

const codes = (answer: { errors?: { extensions: Record<string, unknown> }[] }) =>
  answer.errors?.map(({ extensions }) => extensions.code);

describe('bodies', () => {
  it.each([
    ['not JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['empty', '', 400, 'BAD_REQUEST'],
    ['null', 'null', 400, 'BAD_REQUEST'],
    ['text', '"{ authors { id } }"', 400, 'BAD_REQUEST'],
    ['no query', '{"variables":{}}', 400, 'BAD_REQUEST'],
    ['a query that is a number', '{"query":1}', 400, 'BAD_REQUEST'],
    ['variables that are a list', '{"query":"{ authors { id } }","variables":[]}', 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{ authors { id } }"}]', 400, 'BAD_REQUEST'],
    ['__proto__', '{"query":"{ authors { id } }","variables":{"__proto__":{}}}', 400, 'BAD_REQUEST'],
    ['a syntax error', '{"query":"{ authors {"}', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nobody }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a conditional subscription beside a query',
      '{"query":"query Q { caller } subscription S { bookAdded @,skip(if: true) { id } }","operationName":"Q"}',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['an unknown operation', '{"query":"query A { caller }","operationName":"B"}', 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['a missing variable', '{"query":"query ($id: ID!) { author(id: $id) { id } }"}', 400, 'BAD_USER_INPUT'],
    [
      'an unknown persisted query',
      `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
  ])('%s', async (_name, body, status, code) => {
    const answer = await gateway.post(body);
    expect({ status: answer.status, codes: codes(answer) }).toEqual({ status, codes: [code] });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.stringify(answer.errors)).not.toMatch(/stack|node_modules/);
  });

  it('of 2 MB are refused before they are read', async () => {
    const answer = await gateway.post(
      JSON.stringify({ query: 'mutation { addBook(title: "x") { id } }', variables: { title: 'x'.repeat(2 ** 21) } }),
    );
    expect({ status: answer.status, codes: codes(answer) }).toEqual({ status: 413, codes: ['PAYLOAD_TOO_LARGE'] });
    expect(subgraphs.books.calls).toEqual([]);
  });

  it('that are small may ask for a lot: what the subgraphs are asked may be larger', async () => {
    const { data, errors } = await gateway.query('{ crowd(size: 5000) { name books { id } } }');
    expect(errors).toBeUndefined();
    expect([data.crowd.length, data.crowd.at(-1)]).toEqual([5000, { name: 'Author 4999', books: [] }]);
  });

  it('of a kind that a form could send are refused', async () => {
    const query = JSON.stringify({ query: '{ caller }' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await gateway.post(query, { 'content-type': type });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(codes(answer)).toEqual(['BAD_REQUEST']);
    }
  });
});

describe('methods and paths', () => {
  it('a query by GET needs a header that no link can set', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('{ authors { id } }')}`;
    expect((await fetch(url)).status).toBe(400);
    expect((await fetch(url, { headers: { 'apollo-require-preflight': '1' } })).status).toBe(200);
  });

  it('a mutation by GET is refused', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('mutation { addBook(title: "x") { id } }')}`;
    const before = subgraphs.books.calls.length;
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect([response.status, subgraphs.books.calls.length]).toEqual([405, before]);
  });

  it('a subscription over HTTP is told where to go', async () => {
    const answer = await gateway.query('subscription { bookAdded { id } }');
    expect({ status: answer.status, codes: codes(answer) }).toEqual({
      status: 400,
      codes: ['SUBSCRIPTION_UNSUPPORTED'],
    });
    expect(answer.errors?.[0]?.message).toContain('WebSocket');
  });

  it('unknown paths are 404, in GraphQL’s shape', async () => {
    for (const path of ['/nothing', '/graphql/', '/graphql/x', '/explorer/../../package.json']) {
      const response = await fetch(gateway.url + path);
      expect(response.status).toBe(404);
      expect(codes((await response.json()) as never)).toEqual(['NOT_FOUND']);
    }
  });

  it('health is told under each of its names', async () => {
    for (const path of ['/livez', '/readyz', '/health', '/metrics']) {
      expect((await fetch(gateway.url + path)).status).toBe(200);
    }
    expect(await (await fetch(`${gateway.url}/health`)).json()).toMatchObject({ status: 'ok' });
  });

  it('says nothing of what it is made of', async () => {
    const { headers } = await fetch(`${gateway.url}/graphql`);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });
});

describe('proxied routes', () => {
  it('pass on the answer, but neither cookies nor who asked', async () => {
    const response = await fetch(`${gateway.url}/plain`, { headers: { authorization: 'Bearer secret' } });
    expect(await response.text()).toBe('GET nobody');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/x-plain',
      'cache-control': 'max-age=60',
    });
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('are cut off at a megabyte, also where the answer does not say how long it is', async () => {
    const response = await fetch(`${gateway.url}/endless`);
    expect(response.status).toBe(503);
    await response.text();
    await waitFor(() => endless.closed);
    // What a socket's buffers hold beyond the cap, and not what would come in the 5 s that an answer may take.
    expect(endless.bytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('are 503 while nobody answers', async () => {
    const response = await fetch(`${gateway.url}/gone`);
    expect(response.status).toBe(503);
    expect(codes((await response.json()) as never)).toEqual(['SERVICE_UNAVAILABLE']);
  });
});

describe('a trace', () => {
  it('goes on in the subgraph', async () => {
    const seen: (string | string[] | undefined)[] = [];
    const url = await startRawServer((request, response) => {
      seen.push(request.headers.traceparent);
      response.end('{"data":{"shelf":{"name":"A"}}}');
    }, scope);
    const own = await startTestGateway(
      { ...variables, SUBGRAPH_URLS: `authors=${subgraphs.authors.url},books=${url}` },
      scope,
    );
    const trace = 'a'.repeat(32);
    const { data } = await own.query('{ shelf { name } }', {
      headers: { traceparent: `00-${trace}-${'b'.repeat(16)}-01` },
    });
    expect(data).toEqual({ shelf: { name: 'A' } });
    expect(seen).toEqual([expect.stringMatching(new RegExp(`^00-${trace}-`))]);
  });
});

describe('calls to a subgraph', () => {
  it.each([
    ['on', true],
    ['off', false],
  ])('with SIGNED_CALLS=%s: signed is %s', async (SIGNED_CALLS, signed) => {
    const seen: boolean[] = [];
    const url = await startRawServer((request, response) => {
      if (request.method === 'POST') seen.push('taskgraph-signature' in request.headers);
      response.end('{"data":{"shelf":{"name":"A"}}}');
    }, scope);
    const SUBGRAPH_URLS = `authors=${subgraphs.authors.url},books=${url}`;
    const own = await startTestGateway({ ...variables, SUBGRAPH_URLS, SIGNED_CALLS }, scope);
    expect((await own.query('{ shelf { name } }')).data).toEqual({ shelf: { name: 'A' } });
    expect(seen).toEqual([signed]);
  });
});

describe('production', () => {
  it('has no introspection, no suggestions and no explorer', async () => {
    const own = await startTestGateway({ ...variables, NODE_ENV: 'production', IDENTITY: 'off', CALL_KEYS }, scope);
    const introspection = await own.query('{ __schema { types { name } } }');
    expect(codes(introspection)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const typo = await own.query('{ author }');
    expect(JSON.stringify((await own.query('{ authorz { id } }')).errors)).not.toMatch(/Did you mean/);
    expect(typo.status).toBe(400);
    for (const path of ['/', '/explorer']) expect((await fetch(own.url + path)).status).toBe(404);
  });
});

describe('a start', () => {
  const start = (wrong: Record<string, string>) => startTestGateway({ ...variables, ...wrong }, scope);

  it.each([
    [{ SUPERGRAPH: '/nowhere.graphql' }, /SUPERGRAPH: \/nowhere\.graphql cannot be read/],
    [{ SUPERGRAPH: 'package.json' }, /SUPERGRAPH: .*package\.json is not a supergraph/],
    [{ SUBGRAPH_URLS: 'nobody=http://127.0.0.1:1/' }, /SUBGRAPH_URLS: the supergraph has no subgraph "nobody"/],
    [{ SUBGRAPH_URLS: 'books' }, /SUBGRAPH_URLS: "books" is not name=url/],
    [{ SUBGRAPH_URLS: 'books=nowhere' }, /SUBGRAPH_URLS: "books=nowhere" is not name=url/],
    [{ TRUSTED_PROXIES: '10.0.0.0/99' }, /"10\.0\.0\.0\/99" is neither an address nor a range/],
    [{ JWKS_URL: 'ftp://x/' }, /JWKS_URL: Invalid URL/],
    [{ IDENTITY: 'on' }, /JWKS_URL is required/],
    [{ NODE_ENV: 'production', CALL_KEYS }, /JWKS_URL is required: .* IDENTITY=off/],
  ])('with %j fails with one clear sentence', async (wrong, message) => {
    await expect(start(wrong as Record<string, string>)).rejects.toThrow(message);
  });
});

describe('the trace of a request', () => {
  const told = /^00-([0-9a-f]{32})-[0-9a-f]{16}-00$/;

  it('is told in the header traceresponse, under the id that is in the log', async () => {
    const { headers } = await gateway.query('{ authors { id } }');
    const id = told.exec(headers.get('traceresponse') ?? '')?.[1];
    await waitFor(() => gateway.lines.some((line) => line.trace_id === id && line.msg === 'Operation'));
    expect(gateway.lines.find((line) => line.trace_id === id)).not.toHaveProperty('span_id');
  });

  it("is the client's own, where that has begun one, and told with a refusal too", async () => {
    const traceId = 'c'.repeat(32);
    const headers = { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` };
    for (const body of ['{"query":"{ authors { id } }"}', 'no json']) {
      const answer = await gateway.post(body, headers);
      expect(told.exec(answer.headers.get('traceresponse') ?? '')?.[1]).toBe(traceId);
    }
  });
});
