import { describe, expect, it } from '@jest/globals';
import { parseCallKeys } from './callKeys.ts';
import { callHeaders } from './canonicalCall.ts';
import { createNonces } from './nonces.ts';
import { type CallToSign, signCall } from './signCall.ts';
import { CallRefused, type CallRefusedReason, verifyCall } from './verifyCall.ts';

const keys = parseCallKeys(undefined, false);
const viewer = { userId: '0196f6f0-0000-7000-8000-000000000001', sessionId: '0196f6f0-0000-7000-8000-000000000002' };
const now = Date.UTC(2026, 10, 20);
const query = '{"query":"{ me { id } }"}';
const mutation = '{"query":"mutation { createTask { id } }"}';

const sign = (change: Partial<CallToSign> = {}) =>
  signCall({
    keys,
    caller: 'gateway',
    callee: 'tasks',
    path: '/graphql',
    viewer,
    clientAddress: '203.0.113.7',
    body: query,
    mutation: false,
    now,
    ...change,
  });

type Headers = Record<string, string | string[] | undefined>;
type Arrival = {
  headers?: Headers;
  path?: string;
  body?: string | Buffer;
  at?: number;
  nonces?: ReturnType<typeof createNonces>;
};

const verify = ({
  path = '/graphql',
  headers = sign(),
  body = query,
  at = now,
  nonces = createNonces(),
}: Arrival = {}) => verifyCall({ keys, callee: 'tasks', allow: ['gateway'], path, headers, body, nonces, now: at });

async function refusal(arrival: Arrival): Promise<CallRefusedReason | 'accepted'> {
  try {
    await verify(arrival);
    return 'accepted';
  } catch (error) {
    if (error instanceof CallRefused) return error.reason;
    throw error;
  }
}

describe('a signed call', () => {
  it('says who calls, for whom, from where', async () => {
    expect(await verify()).toEqual({ caller: 'gateway', viewer, clientAddress: '203.0.113.7' });
  });

  it('may be made for nobody', async () => {
    const headers = sign({ viewer: null, clientAddress: null });
    expect(await verify({ headers })).toEqual({ caller: 'gateway', viewer: null, clientAddress: null });
  });

  it('says what the client calls itself, and what a personal token is limited to', async () => {
    const limited = { ...viewer, scope: 'read' as const };
    const call = await verify({ headers: sign({ viewer: limited, userAgent: 'curl/8' }) });
    expect(call).toMatchObject({ viewer: limited, userAgent: 'curl/8' });
    const headers = sign({ viewer: { ...viewer, scope: 'all' as never } });
    expect(await refusal({ headers })).toBe('BAD_SIGNATURE');
  });

  it('signs bytes, as a string or a buffer', async () => {
    const body = Buffer.from('{"query":"{ task(id: \\"ü\\") { id } }"}');
    expect(await refusal({ headers: sign({ body }), body: body.toString() })).toBe('accepted');
  });

  it.each([-30_000, 0, 30_000])('is good when the clocks are %p ms apart', async (apart) => {
    expect(await refusal({ at: now + apart })).toBe('accepted');
  });

  it.each([-30_001, 30_001, 3_600_000])('is stale when they are %p ms apart', async (apart) => {
    expect(await refusal({ at: now + apart })).toBe('STALE');
  });

  it.each(['NaN', '1e99', '-1', '0x10', ' 5', '99999999999999999999'])('is stale with the time %p', async (time) => {
    expect(await refusal({ headers: { ...sign(), [callHeaders.time]: time } })).toBe('STALE');
  });

  it.each([callHeaders.caller, callHeaders.callee, callHeaders.time, callHeaders.signature])(
    'is unsigned without %s',
    async (name) => {
      const { [name]: _, ...headers } = sign();
      expect(await refusal({ headers })).toBe('UNSIGNED');
    },
  );

  it('is unsigned with a header given twice', async () => {
    expect(await refusal({ headers: { ...sign(), [callHeaders.caller]: ['gateway', 'gateway'] } })).toBe('UNSIGNED');
  });

  it('is for one callee only', async () => {
    expect(await refusal({ headers: sign({ callee: 'users' }) })).toBe('WRONG_CALLEE');
    expect(await refusal({ headers: { ...sign({ callee: 'users' }), [callHeaders.callee]: 'tasks' } })).toBe(
      'BAD_SIGNATURE',
    );
  });

  it('is for one path only', async () => {
    expect(await refusal({ path: '/internal/person' })).toBe('BAD_SIGNATURE');
    expect(await refusal({ path: '/graphql?' })).toBe('BAD_SIGNATURE');
    expect(await refusal({ headers: sign({ path: '/internal/person' }), path: '/internal/person' })).toBe('accepted');
  });

  it('is taken from the callers that may call, whatever keys the others have', async () => {
    expect(await refusal({ headers: sign({ caller: 'comments' }) })).toBe('CALLER_NOT_ALLOWED');
    const nonces = createNonces();
    const headers = sign({ caller: 'comments', body: mutation, mutation: true });
    expect(await refusal({ headers, body: mutation, nonces })).toBe('CALLER_NOT_ALLOWED');
    expect(await nonces.claim(headers[callHeaders.nonce] as string)).toBe(true);
  });

  it.each([
    ['the caller', { [callHeaders.caller]: 'comments' }],
    ['the time', { [callHeaders.time]: String(now + 1) }],
    ['the viewer', { [callHeaders.viewer]: `${viewer.sessionId} ${viewer.sessionId}` }],
    ['the viewer away', { [callHeaders.viewer]: undefined }],
    ['the address', { [callHeaders.address]: '198.51.100.1' }],
    ['the agent', { [callHeaders.agent]: 'curl/8' }],
    ['a scope less', { [callHeaders.viewer]: `${viewer.userId} ${viewer.sessionId} admin` }],
    ['the nonce', { [callHeaders.nonce]: 'AAAA' }],
    ['the signature', { [callHeaders.signature]: Buffer.alloc(32).toString('base64url') }],
    ['the length of the signature', { [callHeaders.signature]: 'AAAA' }],
    ['nothing but a field into the next', { [callHeaders.viewer]: undefined, [callHeaders.address]: `\n203.0.113.7` }],
  ])('does not survive a change of %s', async (_name, change) => {
    expect(await refusal({ headers: { ...sign(), ...change } })).toBe('BAD_SIGNATURE');
  });

  it('does not survive a change of one byte of the body', async () => {
    expect(await refusal({ body: query.replace('id', 'iD') })).toBe('BAD_SIGNATURE');
  });

  it('does not survive a malformed viewer, even well signed', async () => {
    const headers = sign({ viewer: { userId: 'a b', sessionId: 'c' } });
    expect(await refusal({ headers })).toBe('BAD_SIGNATURE');
  });

  it('of a pair without a key is refused', async () => {
    const key = Buffer.alloc(32, 1).toString('base64url');
    const own = parseCallKeys(`gateway>tasks:${key}`, true);
    const nonces = createNonces();
    const call = {
      callee: 'tasks',
      allow: ['gateway', 'users'],
      path: '/graphql',
      body: query,
      nonces,
      now,
      keys: own,
    };
    expect(await verifyCall({ ...call, headers: sign({ keys: own }) })).toMatchObject({ caller: 'gateway' });
    await expect(verifyCall({ ...call, headers: sign({ caller: 'users' }) })).rejects.toThrow('BAD_SIGNATURE');
    await expect(verifyCall({ ...call, headers: sign() })).rejects.toThrow('BAD_SIGNATURE');
  });
});

describe('a route for siblings', () => {
  const entry = (pair: string, byte: number) => `${pair}:${Buffer.alloc(32, byte).toString('base64url')}`;
  // What tasks is given: of the services that may call it, and of whom it calls itself.
  const own = parseCallKeys(
    [entry('gateway>tasks', 1), entry('labels>tasks', 2), entry('tasks>users', 3)].join(),
    true,
  );
  const everybody = parseCallKeys(
    [entry('gateway>tasks', 1), entry('labels>tasks', 2), entry('users>tasks', 4)].join(),
    true,
  );
  const ask = (caller: string) => {
    const headers = sign({ keys: everybody, caller });
    const call = { callee: 'tasks', path: '/graphql', body: query, nonces: createNonces(), now, keys: own };
    return verifyCall({ ...call, allow: 'siblings', headers });
  };

  it('takes whoever has a key for this service, without being told names', async () => {
    expect(await ask('labels')).toMatchObject({ caller: 'labels' });
  });

  it('refuses the gateway, and services that were given no key', async () => {
    await expect(ask('gateway')).rejects.toThrow('CALLER_NOT_ALLOWED');
    await expect(ask('users')).rejects.toThrow('BAD_SIGNATURE');
  });
});

describe('a mutation', () => {
  it('is taken once', async () => {
    const nonces = createNonces();
    const arrival = { headers: sign({ body: mutation, mutation: true }), body: mutation, nonces };
    expect([await refusal(arrival), await refusal(arrival)]).toEqual(['accepted', 'REPLAYED']);
  });

  it.each([
    mutation,
    '{"query":"\\u006dutation { createTask { id } }"}',
    '{"query":"query A { me { id } } mutation B { a }","operationName":"B"}',
    '{"query":"# comment\\n  mutation M($a: Int) @x { a }"}',
  ])('without a nonce is refused: %s', async (body) => {
    expect(await refusal({ headers: sign({ body }), body })).toBe('NONCE_MISSING');
  });

  it.each([
    '{"query":"{ comments(text: \\"mutation\\") { id } }"}',
    '{"query":"query A { me { id } } mutation B { a }","operationName":"A"}',
    '{"query":"{ me { id } }","variables":{"text":"mutation { a }"}}',
    '{"query":"mutation {"}',
    '{"query":5,"mutation":true}',
    'mutation',
  ])('is not seen in %s', async (body) => {
    expect(await refusal({ headers: sign({ body }), body })).toBe('accepted');
  });

  it('with a bad signature does not use up the nonce', async () => {
    const nonces = createNonces();
    const headers = sign({ body: mutation, mutation: true });
    expect(await refusal({ headers, body: `${mutation} `, nonces })).toBe('BAD_SIGNATURE');
    expect(await refusal({ headers, body: mutation, nonces })).toBe('accepted');
  });
});

describe('nonces', () => {
  it('are remembered for as long as a call can be replayed, and not for ever', async () => {
    let time = now;
    const nonces = createNonces({ now: () => time });
    expect(await nonces.claim('a')).toBe(true);
    for (const later of [1, 30_000, 59_999]) {
      time = now + later;
      expect(await nonces.claim('a')).toBe(false);
    }
    time = now + 60_000;
    expect(await nonces.claim('b')).toBe(true);
    time = now + 119_999;
    expect(await nonces.claim('b')).toBe(false);
    time = now + 240_000;
    expect(await nonces.claim('a')).toBe(true);
  });

  it('are claimed by one of many at the same time', async () => {
    const nonces = createNonces();
    const claims = await Promise.all(Array.from({ length: 50 }, () => nonces.claim('a')));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });
});
