import { connect } from 'node:net';

const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';
const version = 'sec-websocket-version: 13';
const protocol = 'sec-websocket-protocol: graphql-transport-ws';

const request = (line: string, ...headers: string[]) => [line, 'host: x', ...headers, '', ''].join('\r\n');
const upgrade = (line: string, ...headers: string[]) =>
  request(line, 'connection: upgrade', 'upgrade: websocket', ...headers);
const socket = (...bytes: number[]) =>
  Buffer.concat([Buffer.from(upgrade('GET /graphql HTTP/1.1', key, version, protocol)), Buffer.from(bytes)]);

const targets = [
  ...[
    '//',
    '///',
    '//[',
    '/\\',
    '*',
    '?',
    '#',
    '%',
    '/%',
    '/%ff%fe',
    '/graphql%',
    '/graphql?%',
    '/graphql/../..',
    '/\u0001',
  ],
  ...['http://', 'http://[', 'http://x:99999/graphql', 'http://x/graphql', 'javascript:1', 'x:443', ''],
  `/${'a'.repeat(10_000)}`,
  `/graphql?${'a=b&'.repeat(3_000)}`,
];

/** Requests that no client sends, by a name for each: wrong targets, wrong upgrades, wrong HTTP, wrong frames. */
export const malformedRequests: ReadonlyMap<string, string | Buffer> = new Map<string, string | Buffer>([
  ...targets.flatMap((target): [string, string][] => [
    [`an upgrade of "${target.slice(0, 40)}"`, upgrade(`GET ${target} HTTP/1.1`, key, version, protocol)],
    [`a GET of "${target.slice(0, 40)}"`, request(`GET ${target} HTTP/1.1`)],
    [`a POST to "${target.slice(0, 40)}"`, request(`POST ${target} HTTP/1.1`, 'content-length: 2').concat('{}')],
  ]),
  ...[',', ',,,', 'a b', '"', 'graphql-transport-ws, graphql-transport-ws', '\u00e9', 'x'.repeat(10_000)].map(
    (value): [string, string] => [
      `the protocol ${value.slice(0, 40)}`,
      upgrade('GET /graphql HTTP/1.1', key, version, `sec-websocket-protocol: ${value}`),
    ],
  ),
  ['no key', upgrade('GET /graphql HTTP/1.1', version)],
  ['a wrong key', upgrade('GET /graphql HTTP/1.1', 'sec-websocket-key: x', version)],
  ['a wrong version', upgrade('GET /graphql HTTP/1.1', key, 'sec-websocket-version: 99')],
  ['wrong extensions', upgrade('GET /graphql HTTP/1.1', key, version, 'sec-websocket-extensions: ;=;,"')],
  ['an upgrade by POST', upgrade('POST /graphql HTTP/1.1', key, version)],
  ['an upgrade to something else', request('GET /graphql HTTP/1.1', 'connection: upgrade', 'upgrade: h2c, \u00ff')],
  ['an upgrade with HTTP/1.0', upgrade('GET /graphql HTTP/1.0', key, version)],
  ['headers of 100 KB', upgrade('GET /graphql HTTP/1.1', key, version, `x: ${'y'.repeat(100_000)}`)],
  ['3,000 headers', upgrade('GET /graphql HTTP/1.1', ...Array.from({ length: 3_000 }, (_, n) => `x${n}: y`))],
  ['a forwarded address that is none', upgrade('GET /graphql HTTP/1.1', key, version, 'x-forwarded-for: ,[,%')],
  ['a trace that is none', request('GET /livez HTTP/1.1', 'traceparent: 00-x-y-zz', 'tracestate: ,=,')],
  ['CONNECT', request('CONNECT x:443 HTTP/1.1')],
  ['an unknown method', request('FOO /graphql HTTP/1.1')],
  ['nothing but ends of lines', '\r\n\r\n\r\n'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/9', request('GET / HTTP/9.9')],
  ['TLS', Buffer.from('160301020001000001fc0303', 'hex')],
  ['a length below 0', request('POST /graphql HTTP/1.1', 'content-length: -1')],
  ['two lengths', request('POST /graphql HTTP/1.1', 'content-length: 1', 'content-length: 2')],
  ['a length and chunks', request('POST /graphql HTTP/1.1', 'content-length: 1', 'transfer-encoding: chunked')],
  ['a chunk of no size', request('POST /graphql HTTP/1.1', 'transfer-encoding: chunked').concat('zz\r\n')],
  [
    'half a body',
    request('POST /graphql HTTP/1.1', 'content-type: application/json', 'content-length: 99').concat('{"'),
  ],
  ['a wrong media type', request('POST /graphql HTTP/1.1', 'content-type: ;;=', 'content-length: 2').concat('{}')],
  ['a header with a NUL', request('GET /livez HTTP/1.1', 'x: \u0000')],
  ['a frame without a mask', socket(0x81, 0x02, 0x7b, 0x7d)],
  ['a frame of an unknown kind', socket(0x8f, 0x80, 0, 0, 0, 0)],
  ['a frame of 8 EB', socket(0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)],
  ['a frame that is not UTF-8', socket(0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe)],
  ['a message that is not JSON', socket(0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7b)],
  ['a close with a wrong code', socket(0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01)],
]);

/** Sends bytes over a connection of its own, hangs up politely or by a reset, and returns what came until it was closed. */
export async function sendBytes(url: string, bytes: string | Buffer, hangUp: 'end' | 'reset' = 'end'): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const connection = connect(Number(port), hostname, () => {
      if (hangUp === 'end') connection.end(bytes);
      else connection.write(bytes, () => connection.resetAndDestroy());
    });
    connection.setTimeout(10_000, () => connection.destroy());
    connection.on('data', (chunk) => {
      answer += chunk;
    });
    connection.on('error', () => {});
    connection.on('close', () => resolve(answer));
  });
}

/** Sends all of them, each in both ways, one after the other as far as the server can tell. */
export async function sendMalformedRequests(url: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const [name, bytes] of malformedRequests) {
    const [answer] = await Promise.all([sendBytes(url, bytes), sendBytes(url, bytes, 'reset')]);
    answers.set(name, answer);
  }
  return answers;
}
