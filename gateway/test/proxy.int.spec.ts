import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseEnv } from '#platform/env.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import { verifyCall } from '#platform/identity/verifyCall.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { gatewayEnvSchema } from '../src/env.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
const keys = parseCallKeys(undefined, false);
const nonces = createNonces();
let gateway: TestGateway;

type Arrival = { method: string; url: string; headers: IncomingHttpHeaders; body: string; call: unknown };
let arrivals: Arrival[] = [];
let answer: { status: number; body: string; location?: string } = { status: 200, body: '{"ok":true}' };

/** A service that verifies what comes, as services do, and sets cookies. */
async function desk(request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  const call = await verifyCall({ keys, callee: 'desk', allow: ['gateway'], path: url, headers, body, nonces }).catch(
    (error: unknown) => error,
  );
  arrivals.push({ method, url, headers, body: String(body), call });
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'set-cookie': ['a=1; Path=/desk', 'b=2; HttpOnly'],
    'retry-after': '3',
    'x-internal': 'yes',
    ...(answer.location && { location: answer.location }),
  });
  response.end(answer.body);
}

beforeAll(async () => {
  const url = await startRawServer((request, response) => void desk(request, response), scope);
  gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      PROXY_ROUTES: `POST /desk/stamp=desk@${url},/desk/hours=${url},GET /desk/queue=desk@${url},POST /desk/gone=desk@http://127.0.0.1:9/,PAGE /desk/doors/:door=desk@${url}/at/:door`,
      PROXY_BODY_BYTES: '1000',
      TRUSTED_PROXIES: '127.0.0.1',
    },
    scope,
  );
});

beforeEach(() => {
  arrivals = [];
  answer = { status: 200, body: '{"ok":true}' };
});

async function send(path: string, options: RequestInit & { headers?: Record<string, string> } = {}) {
  const response = await fetch(`${gateway.url}${path}`, options);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, code: codeOf(text) };
}

const post = (
  headers: Record<string, string> = {},
  body: string | Uint8Array = '{"stamp":"é"}',
  path = '/desk/stamp',
) =>
  send(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: body as BodyInit });

function codeOf(text: string): string | undefined {
  try {
    return JSON.parse(text).errors?.[0]?.extensions.code;
  } catch {
    return undefined;
  }
}

describe('a route that names its service', () => {
  it('passes body and cookies on in a signed call, with who asks, and cookies back', async () => {
    const { status, headers, text } = await post({
      cookie: 'token=t; other=o',
      'x-requested-with': 'test',
      'x-forwarded-for': '203.0.113.9',
      'user-agent': 'Test/1',
      authorization: 'Bearer x',
      'taskgraph-viewer': 'u s',
      'taskgraph-address': '1.2.3.4',
    });
    expect({ status, text }).toEqual({ status: 200, text: '{"ok":true}' });
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/desk', 'b=2; HttpOnly']);
    expect([headers.get('retry-after'), headers.get('x-internal')]).toEqual(['3', null]);
    expect(arrivals).toMatchObject([
      {
        method: 'POST',
        body: '{"stamp":"é"}',
        call: { caller: 'gateway', viewer: null, clientAddress: '203.0.113.9', userAgent: 'Test/1' },
        headers: { cookie: 'token=t; other=o', 'taskgraph-nonce': expect.any(String) },
      },
    ]);
    expect(arrivals[0]?.headers.authorization).toBeUndefined();
  });

  it('may be a GET', async () => {
    expect((await send('/desk/queue', { headers: { cookie: 'c=1', 'x-requested-with': 'x' } })).status).toBe(200);
    expect(arrivals).toMatchObject([
      { method: 'GET', body: '', call: { caller: 'gateway' }, headers: { cookie: 'c=1' } },
    ]);
  });

  it('passes refusals of the service on, but not that our call was refused', async () => {
    answer = { status: 401, body: '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}' };
    expect(await post()).toMatchObject({ status: 401, text: answer.body });
    answer = { status: 401, body: '{"errors":[{"message":"no","extensions":{"code":"CALL_REFUSED"}}]}' };
    expect(await post()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    answer = { status: 500, body: 'secret detail' };
    expect(await post()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(await post({}, '{}', '/desk/gone')).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  });

  it('takes JSON of the configured size only', async () => {
    expect(await post({}, `"${'x'.repeat(998)}"`)).toMatchObject({ status: 200 });
    expect(await post({}, `"${'x'.repeat(999)}"`)).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(await post({ 'content-type': type })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(arrivals).toHaveLength(1);
  });

  it.each<[string, Record<string, string>]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', 'x-requested-with': 'x' }],
    ['a page of another subdomain', { 'sec-fetch-site': 'same-site', 'x-requested-with': 'x' }],
    ['a link that was typed', { 'sec-fetch-site': 'none', 'x-requested-with': 'x' }],
    ['another origin, from an old browser', { origin: 'https://evil.example', 'x-requested-with': 'x' }],
    ['no origin at all', { origin: 'null', 'x-requested-with': 'x' }],
    ['a cookie without the header that no form can send', { cookie: 'token=t' }],
    ['the same from the right page', { cookie: 'token=t', 'sec-fetch-site': 'same-origin' }],
  ])('refuses what comes from %s', async (_name, headers) => {
    expect(await post(headers)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(arrivals).toEqual([]);
  });

  it('takes what comes from a page of its own', async () => {
    const own = { cookie: 'token=t', 'x-requested-with': 'x' };
    expect((await post({ ...own, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await post({ ...own, origin: gateway.url })).status).toBe(200);
  });
});

describe('a page', () => {
  const open = (path: string, headers: Record<string, string> = {}) =>
    send(path, { headers: { cookie: 'token=t', ...headers }, redirect: 'manual' });

  it('is for links and redirects from anywhere, with the query, in a signed call', async () => {
    answer = { status: 303, body: '', location: 'https://elsewhere.example/?a=b' };
    const { status, headers } = await open('/desk/doors/left?code=a%20b&code=%2F&state=é"', {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    });
    expect([status, headers.get('location')]).toEqual([303, answer.location]);
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/desk', 'b=2; HttpOnly']);
    expect(arrivals).toMatchObject([
      {
        method: 'GET',
        url: expect.stringMatching(/\/at\/left\?code=a%20b&code=%2F&state=%C3%A9%22$/),
        call: { caller: 'gateway', viewer: null },
        headers: { cookie: 'token=t' },
      },
    ]);
  });

  it('is not for what another page loads into itself, and not for HEAD', async () => {
    for (const destination of ['image', 'iframe', 'empty', 'script']) {
      expect(await open('/desk/doors/left', { 'sec-fetch-dest': destination })).toMatchObject({ status: 403 });
    }
    expect((await send('/desk/doors/left', { method: 'HEAD' })).status).toBe(404);
    expect(arrivals).toEqual([]);
  });

  it.each(['%2e%2e', '..%2fcallback', 'a%2fb', '%2e', 'a%3fb', '%00', 'a:b'])(
    'does not lead elsewhere by %s',
    async (door) => {
      // Not with fetch: it resolves the dots itself.
      const { hostname, port } = new URL(gateway.url);
      const socket = connect(Number(port), hostname);
      socket.end(`GET /desk/doors/${door} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      let text = '';
      for await (const chunk of socket) text += chunk;
      expect(text).toMatch(/^HTTP\/1.1 404/);
      expect(arrivals).toEqual([]);
    },
  );
});

describe('any other route', () => {
  it('passes nothing on but the fact', async () => {
    const { status, headers } = await send('/desk/hours', { headers: { cookie: 'token=t', 'user-agent': 'Test/1' } });
    expect(status).toBe(200);
    expect(headers.getSetCookie()).toEqual([]);
    expect(arrivals).toMatchObject([{ method: 'GET', body: '' }]);
    expect(arrivals[0]?.call).toMatchObject({ reason: 'UNSIGNED' });
    expect(arrivals[0]?.headers.cookie).toBeUndefined();
    expect(arrivals[0]?.headers['user-agent']).not.toBe('Test/1');
    expect((await post({}, '{}', '/desk/hours')).status).toBe(404);
  });
});

it.each([
  'POST /a=http://x',
  'PAGE /a=http://x',
  'PUT /a=b@http://x',
  'a=http://x',
  '/a=b@',
  '/a=ftp://x',
  '/a b=http://x',
])('refuses to start with PROXY_ROUTES=%s', (PROXY_ROUTES) => {
  expect(() => parseEnv(gatewayEnvSchema, { PROXY_ROUTES })).toThrow('PROXY_ROUTES');
});
