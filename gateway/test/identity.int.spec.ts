import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let issuer: Issuer;
let gateway: TestGateway;

async function start(variables: Record<string, string> = {}): Promise<TestGateway> {
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  return startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`,
      JWKS_URL: issuer.jwksUrl,
      ...variables,
    },
    scope,
  );
}

beforeAll(async () => {
  issuer = await startIssuer(scope);
  gateway = await start();
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = {
  sub: 'user-1',
  sid: 'session-1',
  iss: 'taskgraph',
  aud: 'taskgraph',
  exp: Math.floor(Date.now() / 1000) + 300,
};

describe('a valid token', () => {
  it('reaches the subgraph as a signed viewer, with the address of the client', async () => {
    const { data, errors } = await gateway.query('{ caller }', { token: issuer.token() });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ caller: 'user-1 session-1 127.0.0.1' });
  });

  it('may be meant for others, too', async () => {
    const token = issuer.token({ aud: ['others', 'taskgraph'] });
    expect((await gateway.query('{ caller }', { token })).data).toEqual({ caller: 'user-1 session-1 127.0.0.1' });
  });

  it('takes the scheme in any case, and anonymous callers without a header', async () => {
    const headers = { authorization: `bearer  ${issuer.token()}` };
    expect((await gateway.query('{ caller }', { headers })).data).toEqual({ caller: 'user-1 session-1 127.0.0.1' });
    expect((await gateway.query('{ caller }')).data).toEqual({ caller: '- - 127.0.0.1' });
  });

  it('is verified once and then known until it expires', async () => {
    const token = issuer.token({ exp: Math.floor(Date.now() / 1000) + 2 });
    expect((await gateway.query('{ caller }', { token })).status).toBe(200);
    const answer = await waitFor(async () => {
      const later = await gateway.query('{ caller }', { token });
      return later.errors ? later : null;
    });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'EXPIRED' });
  });
});

describe('a token that is refused', () => {
  const publicKey = () => issuer.key().publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const cases: [string, string, () => string][] = [
    ['not a token', 'MALFORMED', () => 'nonsense'],
    ['three parts of nothing', 'MALFORMED', () => 'a.b.c'],
    ['a token of 5 KB', 'MALFORMED', () => issuer.token({ padding: 'x'.repeat(5000) })],
    ['an expired one', 'EXPIRED', () => issuer.token({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ['one that is not valid yet', 'NOT_YET_VALID', () => issuer.token({ nbf: Math.floor(Date.now() / 1000) + 60 })],
    ['another issuer', 'WRONG_ISSUER', () => issuer.token({}, { issuer: 'somebody' })],
    [
      'no issuer',
      'WRONG_ISSUER',
      () =>
        jwt.sign({ sub: 'u', sid: 's' }, issuer.key().privateKey, {
          algorithm: 'ES256',
          keyid: issuer.key().kid,
          audience: 'taskgraph',
          expiresIn: 60,
        }),
    ],
    ['another audience', 'WRONG_AUDIENCE', () => issuer.token({ aud: 'others' })],
    ['several audiences, all others', 'WRONG_AUDIENCE', () => issuer.token({ aud: ['others', 'taskgraphs'] })],
    ['no audience', 'WRONG_AUDIENCE', () => issuer.token({ aud: undefined })],
    ['no session', 'MALFORMED', () => issuer.token({ sid: undefined })],
    [
      'no expiry',
      'MALFORMED',
      () =>
        jwt.sign({ sub: 'u', sid: 's', iss: 'taskgraph', aud: 'taskgraph' }, issuer.key().privateKey, {
          algorithm: 'ES256',
          keyid: issuer.key().kid,
        }),
    ],
    ['alg none', 'UNSUPPORTED_ALGORITHM', () => `${encode({ alg: 'none', kid: issuer.key().kid })}.${encode(claims)}.`],
    [
      'HS256 with the public key as its secret',
      'UNSUPPORTED_ALGORITHM',
      () => {
        const text = `${encode({ alg: 'HS256', typ: 'JWT', kid: issuer.key().kid })}.${encode(claims)}`;
        return `${text}.${createHmac('sha256', publicKey()).update(text).digest('base64url')}`;
      },
    ],
    ['no key id', 'UNKNOWN_KEY', () => jwt.sign(claims, issuer.key().privateKey, { algorithm: 'ES256' })],
    ['an unknown key id', 'UNKNOWN_KEY', () => issuer.token({}, { keyid: 'nobody' })],
    [
      'a changed claim',
      'BAD_SIGNATURE',
      () => {
        const [header, , signature] = issuer.token().split('.');
        return `${header}.${encode({ ...claims, sub: 'user-2' })}.${signature}`;
      },
    ],
  ];

  it.each(cases)('%s: %s', async (_name, reason, token) => {
    const { status, data, errors } = await gateway.query('{ caller }', { token: token() });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', reason });
    expect({ status, data }).toEqual({ status: 401, data: undefined });
  });

  it('a scheme that is not Bearer', async () => {
    const { errors } = await gateway.query('{ caller }', { headers: { authorization: 'Basic YTpi' } });
    expect(errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'MALFORMED' });
  });
});

describe('keys', () => {
  it('that were rotated are asked for when a token names them; old ones go on working', async () => {
    const own = await startIssuer(scope);
    const other = await start({ JWKS_URL: own.jwksUrl });
    const old = own.token();
    expect((await other.query('{ caller }', { token: old })).status).toBe(200);
    own.rotate();
    const token = own.token();
    // Asked again at most once a second.
    const answer = await waitFor(async () => {
      const now = await other.query('{ caller }', { token });
      return now.status === 200 ? now : null;
    });
    expect(answer.data).toEqual({ caller: 'user-1 session-1 127.0.0.1' });
    expect((await other.query('{ caller }', { token: old })).status).toBe(200);
  });

  it('that nobody publishes are not asked for again and again', async () => {
    const own = await startIssuer(scope);
    const other = await start({ JWKS_URL: own.jwksUrl });
    own.rotate({ publish: false });
    const began = Date.now();
    for (let i = 0; i < 30; i += 1) {
      expect((await other.query('{ caller }', { token: own.token({ i }) })).status).toBe(401);
    }
    expect(own.asked()).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - began) / 1000));
  });

  it('that cannot be had are no reason to call a token wrong, nor to keep the gateway from starting', async () => {
    const own = await startIssuer(scope);
    own.away(true);
    const other = await start({ JWKS_URL: own.jwksUrl });
    const { status, errors } = await other.query('{ caller }', { token: own.token() });
    expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect((await other.query('{ caller }')).data).toEqual({ caller: '- - 127.0.0.1' });
    own.away(false);
    await waitFor(async () => (await other.query('{ caller }', { token: own.token() })).status === 200);
  });
});

describe('whoever says who asks, and hangs', () => {
  it.each<[string, (url: string) => Record<string, string>, () => string]>([
    ['the keys', (url) => ({ JWKS_URL: url }), () => issuer.token()],
    ['the exchange of a token', (url) => ({ PERSONAL_TOKENS_URL: `desk@${url}` }), () => 'tgp_abc'],
    ['the ended sessions', (url) => ({ REVOCATIONS_URL: `desk@${url}` }), () => issuer.token()],
  ])('%s: SERVICE_UNAVAILABLE, no later than an answer would have to come', async (_name, variables, token) => {
    const hanging = await startRawServer(() => {}, scope);
    const other = await start({ ...variables(hanging), REQUEST_TIMEOUT_MS: '300' });
    const began = performance.now();
    const { status, errors } = await other.query('{ caller }', { token: token() });
    expect([status, errors?.map(({ extensions }) => extensions.code)]).toEqual([503, ['SERVICE_UNAVAILABLE']]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('the address of the client', () => {
  it('is not believed from strangers', async () => {
    const { data } = await gateway.query('{ caller }', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(data).toEqual({ caller: '- - 127.0.0.1' });
  });

  it('is believed from trusted proxies, as far as they wrote it', async () => {
    const behind = await start({ TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.1' });
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.0.0.1' };
    expect((await behind.query('{ caller }', { headers })).data).toEqual({ caller: '- - 203.0.113.9' });
  });

  it('cannot be given by signed headers from outside', async () => {
    const headers = { 'taskgraph-viewer': 'user-9 session-9', 'taskgraph-address': '203.0.113.9' };
    expect((await gateway.query('{ caller }', { headers })).data).toEqual({ caller: '- - 127.0.0.1' });
  });
});
