import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseCallKeys } from './callKeys.ts';
import { signCall } from './signCall.ts';

describe('signCall', () => {
  const key = Buffer.alloc(32, 9);
  const keys = parseCallKeys(`gateway>users:${key.toString('base64url')}`, true);
  const call = {
    keys,
    caller: 'gateway',
    callee: 'users',
    path: '/graphql',
    viewer: null,
    clientAddress: null,
    body: '{}',
    now: 1763600000000,
  };

  it('signs the text that README.md writes down', () => {
    const viewer = { userId: 'u', sessionId: 's' };
    const headers = signCall({ ...call, viewer, clientAddress: '::1', userAgent: 'Fire\nfox é', mutation: true });
    const hash = createHash('sha256').update('{}').digest('hex');
    const text = `taskgraph-call-3\ngateway\nusers\n/graphql\n1763600000000\nu s\n::1\nFire?fox ?\n${headers['taskgraph-nonce']}\n${hash}`;
    expect(headers).toEqual({
      'taskgraph-caller': 'gateway',
      'taskgraph-callee': 'users',
      'taskgraph-time': '1763600000000',
      'taskgraph-viewer': 'u s',
      'taskgraph-address': '::1',
      'taskgraph-agent': 'Fire?fox ?',
      'taskgraph-nonce': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'taskgraph-signature': createHmac('sha256', key).update(text).digest('base64url'),
    });
  });

  it('leaves out what is not there', () => {
    expect(Object.keys(signCall({ ...call, mutation: false })).sort()).toEqual([
      'taskgraph-callee',
      'taskgraph-caller',
      'taskgraph-signature',
      'taskgraph-time',
    ]);
  });

  it('gives every mutation a nonce of its own', () => {
    const nonces = Array.from({ length: 100 }, () => signCall({ ...call, mutation: true })['taskgraph-nonce']);
    expect(new Set(nonces).size).toBe(100);
  });
});
