import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
const LIMIT_MS = 500;
/** More than the kernel keeps of it for a client that doesn't read. */
const BYTES = 16 * 1024 * 1024;
const traceId = 'e'.repeat(32);
let gateway: TestGateway;

beforeAll(async () => {
  const data = { books: Array.from({ length: BYTES / 1024 }, () => ({ title: 'x'.repeat(1024) })) };
  const text = JSON.stringify({ data });
  const books = await startRawServer((_request, response) => response.end(text), scope);
  const page = await startRawServer((_request, response) => response.end('x'.repeat(BYTES)), scope);
  gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph({ books }),
      UNREAD_TIMEOUT_MS: String(LIMIT_MS),
      PROXY_ROUTES: `PAGE /file=desk@${page}`,
    },
    scope,
  );
});

const body = '{"query":"{ books { title } }"}';
const post = `POST /graphql HTTP/1.1\r\nhost: x\r\ntraceparent: 00-${traceId}-${'b'.repeat(16)}-01\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

type Client = { socket: Socket; received: number; closed: boolean };

/** Sends this, and reads nothing until it is told to. */
function ask(text: string): Client {
  const { port, hostname } = new URL(gateway.url);
  const socket = connect(Number(port), hostname).pause();
  const client = { socket, received: 0, closed: false };
  scope.defer('client', () => socket.destroy());
  socket.on('data', (bytes) => {
    client.received += bytes.length;
  });
  socket.on('close', () => {
    client.closed = true;
  });
  socket.on('error', () => {});
  // A listener for data has set it going.
  socket.pause();
  socket.write(text);
  return client;
}

const told = () => gateway.lines.filter(({ msg }) => String(msg).startsWith('a client does not read'));

describe('a client that does not read its answer', () => {
  it('is disconnected, each one, which is told under its trace', async () => {
    gateway.lines.length = 0;
    const clients = Array.from({ length: 5 }, () => ask(post));
    await waitFor(() => told().length === clients.length, { timeoutMs: 10_000 });
    expect(told().every(({ trace_id }) => trace_id === traceId)).toBe(true);
    for (const { socket } of clients) socket.resume();
    await waitFor(() => clients.every(({ closed }) => closed));
    expect(clients.every(({ received }) => received < BYTES)).toBe(true);
  }, 20_000);

  it('is disconnected also where it has read one before', async () => {
    gateway.lines.length = 0;
    const client = ask(post);
    client.socket.resume();
    await waitFor(() => client.received > BYTES, { timeoutMs: 5_000 });
    // The connection is kept for the next request, however long that takes.
    await sleep(2 * LIMIT_MS);
    expect(client.closed).toBe(false);
    client.socket.pause();
    client.socket.write(post + post);
    await waitFor(() => told().length === 1, { timeoutMs: 5_000 });
    client.socket.resume();
    await waitFor(() => client.closed);
  }, 20_000);

  it('is disconnected also where that is a page that is passed on', async () => {
    gateway.lines.length = 0;
    const client = ask('GET /file HTTP/1.1\r\nhost: x\r\n\r\n');
    await waitFor(() => told().length === 1, { timeoutMs: 5_000 });
    client.socket.resume();
    await waitFor(() => client.closed);
  }, 20_000);
});

it('a client that reads slowly gets all of it, over many times the limit', async () => {
  gateway.lines.length = 0;
  const client = ask(post);
  const began = performance.now();
  let enough = 0;
  client.socket.on('data', () => {
    if (client.received > enough) client.socket.pause();
  });
  while (client.received < BYTES && !client.closed) {
    enough += BYTES / 12;
    client.socket.resume();
    await sleep(LIMIT_MS / 2);
  }
  expect([client.received > BYTES, client.closed, told()]).toEqual([true, false, []]);
  expect(performance.now() - began).toBeGreaterThan(4 * LIMIT_MS);
}, 30_000);
