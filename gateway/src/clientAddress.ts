import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Tells the client's address of a request; null when the socket has none any more. */
export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string | null;

/**
 * Reads the client's address. `X-Forwarded-For` is believed only as far as trusted proxies have written it: from the
 * right, the first address that is not a trusted proxy is the client.
 *
 * @param trusted addresses and CIDR ranges: `10.0.0.0/8`, `::1`
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  for (const entry of trusted) addProxy(proxies, entry);
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return ({ headers, socket }) => {
    let address = normal(socket.remoteAddress ?? '');
    if (!address) return null;
    const header = headers['x-forwarded-for'];
    // Most often; a look into the list of proxies costs as much as the rest of the request's address.
    if (header === undefined) return address;
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').reverse();
    for (const hop of hops) {
      if (!isProxy(address)) break;
      const next = normal(hop.trim());
      if (!next) break;
      address = next;
    }
    return address;
  };
}

function addProxy(proxies: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) proxies.addAddress(address, family);
  else proxies.addSubnet(address, Number(prefix), family);
}

/** An IPv4 address that came over an IPv6 socket is the IPv4 address. Anything that is no address is ''. */
function normal(address: string): string {
  const bare = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  return isIP(bare) ? bare : '';
}
