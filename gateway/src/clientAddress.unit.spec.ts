import { expect, it } from '@jest/globals';
import { createClientAddress } from './clientAddress.ts';

const address = (remoteAddress: string | undefined, forwarded: string | undefined, trusted: string[]) =>
  createClientAddress(trusted)({
    headers: { 'x-forwarded-for': forwarded },
    socket: { remoteAddress } as never,
  });

it.each([
  ['the socket’s own', '203.0.113.1', undefined, [], '203.0.113.1'],
  ['an IPv4 address over IPv6', '::ffff:203.0.113.1', undefined, [], '203.0.113.1'],
  ['no proxy is trusted', '203.0.113.1', '198.51.100.1', [], '203.0.113.1'],
  ['a trusted proxy', '10.0.0.1', '198.51.100.1', ['10.0.0.0/8'], '198.51.100.1'],
  ['a proxy over IPv6', '::ffff:10.0.0.1', '2001:db8::1', ['10.0.0.0/8'], '2001:db8::1'],
  ['two proxies', '10.0.0.1', '198.51.100.1, fd00::1', ['10.0.0.1', 'fd00::/8'], '198.51.100.1'],
  ['what the client wrote itself', '10.0.0.1', '1.2.3.4, 198.51.100.1', ['10.0.0.1'], '198.51.100.1'],
  ['nothing but proxies', '10.0.0.1', '10.0.0.2', ['10.0.0.0/8'], '10.0.0.2'],
  ['an empty header', '10.0.0.1', '', ['10.0.0.1'], '10.0.0.1'],
  ['something that is no address', '10.0.0.1', 'unknown', ['10.0.0.1'], '10.0.0.1'],
  ['a socket that is gone', undefined, '198.51.100.1', [], null],
])('%s', (_name, remote, forwarded, trusted, expected) => {
  expect(address(remote, forwarded, trusted)).toBe(expected);
});
