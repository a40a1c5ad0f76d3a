import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { createLogger } from '#platform/logger.ts';
import { createScope } from '#platform/service/scope.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createUpstream } from '../src/live/createUpstream.ts';

const scope = testScope();
const log = createLogger({ service: 'test', level: 'silent' });
let server: WebSocketServer;
let url: string;
/** The acknowledgements that the subgraph hasn't sent yet, and how many sockets there were. */
let waiting: (() => void)[] = [];
let opened = 0;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  server.on('connection', (socket) => {
    opened += 1;
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data));
      if (type === 'connection_init') waiting.push(() => socket.send('{"type":"connection_ack"}'));
    });
  });
  scope.defer('subgraph', () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
});

beforeEach(() => {
  waiting = [];
  opened = 0;
});

const operation = {
  query: 'subscription { a }',
  variables: {},
  operationName: undefined,
  caller: { viewer: null, clientAddress: null },
};

function start() {
  const own = createScope();
  scope.defer('upstream', () => own.close());
  const upstream = createUpstream({ name: 'x', url, keys: undefined, timeoutMs: 5_000, log, scope: own, idleMs: 100 });
  const ends: string[] = [];
  const cancel = upstream.subscribe(operation, { next() {}, end: ({ kind }) => ends.push(kind) });
  return { own, upstream, ends, cancel };
}

it('a socket that opens after the subgraph was let go of is closed, and none is opened after it', async () => {
  const { own, upstream, ends } = start();
  await waitFor(() => waiting.length === 1);
  await own.close();
  for (const acknowledge of waiting) acknowledge();
  await waitFor(() => server.clients.size === 0);
  await waitFor(() => ends.length === 1);
  upstream.subscribe(operation, { next() {}, end: ({ kind }) => ends.push(kind) });
  await waitFor(() => ends.length === 2);
  expect([ends, opened]).toEqual([['unavailable', 'unavailable'], 1]);
});

it('a socket whose only operation was cancelled before it was open is closed as one that is idle', async () => {
  const { cancel, ends } = start();
  await waitFor(() => waiting.length === 1);
  cancel();
  for (const acknowledge of waiting) acknowledge();
  await waitFor(() => server.clients.size === 0);
  expect([ends, opened]).toEqual([[], 1]);
});

it('a socket that has an operation is kept', async () => {
  const { ends } = start();
  await waitFor(() => waiting.length === 1);
  for (const acknowledge of waiting) acknowledge();
  // Three times as long as an idle one is kept.
  await sleep(300);
  expect([server.clients.size, ends]).toEqual([1, []]);
});
