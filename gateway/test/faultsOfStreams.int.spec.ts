import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type WebSocket, WebSocketServer } from 'ws';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { openSocket, type TestSocket } from './support/openSocket.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

type Message = { type: string; id?: string };

const scope = testScope();
let gateway: TestGateway;
/** What the subgraph of the books does with a message, and the one of the authors with a request. */
let books: (socket: WebSocket, message: Message) => void;
let authors: RequestListener;

beforeAll(async () => {
  const booksServer = createServer();
  const sockets = new WebSocketServer({ server: booksServer });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => books(socket, JSON.parse(String(data))));
  });
  const authorsServer = createServer((request, response) => authors(request, response));
  const urls = await Promise.all(
    [booksServer, authorsServer].map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      scope.defer('raw subgraph', () => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
        server.close();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    }),
  );
  gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `books=${urls[0]},authors=${urls[1]}`,
      SUBGRAPH_TIMEOUT_MS: '500',
      SHARED_SUBSCRIPTIONS: 'off',
    },
    scope,
  );
});

const send = (socket: WebSocket, message: unknown) => socket.send(JSON.stringify(message));

/** Acknowledges, and answers a subscription with this. */
const acknowledged =
  (onSubscribe: (socket: WebSocket, id: string) => void) =>
  (socket: WebSocket, { type, id }: Message) => {
    if (type === 'connection_init') send(socket, { type: 'connection_ack' });
    else if (type === 'subscribe') onSubscribe(socket, id as string);
  };

const book = (title: string) => ({ data: { bookAdded: { title, author: { __typename: 'Author', id: '1' } } } });
const added = 'subscription { bookAdded { title } }';
const reaching = 'subscription { bookAdded { title author { name } } }';

async function subscribe(query: string): Promise<TestSocket> {
  const socket = await openSocket(gateway.url, scope);
  await socket.init();
  socket.subscribe('1', query);
  return socket;
}

/** A good subgraph is served as if nothing had been. */
async function goesOn(): Promise<void> {
  books = acknowledged((socket, id) => send(socket, { type: 'next', id, payload: book('good') }));
  const socket = await subscribe(added);
  expect((await socket.next('1')).payload).toEqual({ data: { bookAdded: { title: 'good' } } });
  socket.raw.terminate();
}

describe('a subgraph that cannot be subscribed to', () => {
  it.each<[string, (socket: WebSocket, message: Message) => void]>([
    ['acknowledges nobody', () => {}],
    ['closes at once', (socket) => socket.close(4403, 'Forbidden')],
    ['dies at once', (socket) => socket.terminate()],
    ['answers garbage', (socket) => socket.send('<<>>')],
    ['answers bytes', (socket) => socket.send(Buffer.from([0xff, 0xfe, 0]))],
  ])('%s: SERVICE_UNAVAILABLE, in time', async (_case, answer) => {
    books = answer;
    const began = performance.now();
    const socket = await subscribe(added);
    expect(await socket.next('1')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'books' } }],
    });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(socket.closed).toBeUndefined();
    await goesOn();
  });
});

describe('a subgraph that goes wrong under a subscription', () => {
  it.each<[string, (socket: WebSocket, id: string) => void]>([
    ['dies', (socket) => socket.terminate()],
    ['sends garbage', (socket) => socket.send('{"type":')],
    [
      'sends an event that is not UTF-8',
      (socket, id) => {
        const [before, after] = JSON.stringify({ type: 'next', id, payload: book('|') }).split('|') as [string, string];
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(after)]);
        socket.send(bytes, { binary: false });
      },
    ],
    ['sends a message of 9 MB', (socket) => socket.send('x'.repeat(9 * 1024 * 1024))],
  ])('%s: 1012', async (_case, answer) => {
    books = acknowledged(answer);
    const socket = await subscribe(added);
    expect((await socket.waitForClose()).code).toBe(1012);
    expect(socket.messages.filter(({ id }) => id)).toEqual([]);
    await goesOn();
  });

  const notGraphql = { data: null, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'books' } }] };

  it.each<[string, unknown]>([
    ['no payload', undefined],
    ['nothing of what was asked for', {}],
    ['no data', { data: null }],
    ['a text as data', { data: 'x' }],
    ['a list as data', { data: [1] }],
    ['a payload that is a number', 7],
    ['errors that are none', { data: null, errors: 'x' }],
  ])('an event that is %s costs itself', async (_case, payload) => {
    books = acknowledged((socket, id) => {
      send(socket, { type: 'next', id: 'of nobody', payload: book('of nobody') });
      send(socket, { type: 'next', id, payload });
      send(socket, { type: 'next', id, payload: book('after') });
    });
    const socket = await subscribe(added);
    const [first, second] = [await socket.next('1'), await socket.next('1')];
    expect(first).toMatchObject({ type: 'next', payload: notGraphql });
    expect(second.payload).toEqual({ data: { bookAdded: { title: 'after' } } });
    expect(JSON.stringify(socket.messages)).not.toContain('of nobody');
    expect(socket.closed).toBeUndefined();
    socket.raw.terminate();
    await goesOn();
  });
});

describe('the other subgraphs that an event needs', () => {
  const events = (count: number) =>
    acknowledged((socket, id) => {
      for (let at = 0; at < count; at += 1) send(socket, { type: 'next', id, payload: book(`event ${at}`) });
    });

  it('hang: the event still comes, within the timeout, with what is there', async () => {
    authors = () => {};
    books = events(1);
    const began = performance.now();
    const socket = await subscribe(reaching);
    expect((await socket.next('1')).payload).toMatchObject({
      data: { bookAdded: { title: 'event 0', author: null } },
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'authors' } }],
    });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(socket.closed).toBeUndefined();
    socket.raw.terminate();
  });

  it('are slow, each as it likes: events are answered eight at a time, and come in order', async () => {
    let atOnce = 0;
    let most = 0;
    let asked = 0;
    authors = (_request, response) => {
      atOnce += 1;
      asked += 1;
      most = Math.max(most, atOnce);
      setTimeout(
        () => {
          atOnce -= 1;
          response.end('{"data":{"_entities":[{"name":"Ursula"}]}}');
        },
        60 - (asked % 8) * 8,
      );
    };
    books = events(100);
    const socket = await subscribe(reaching);
    await waitFor(() => socket.messages.filter(({ type }) => type === 'next').length === 100);
    const data = socket.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload.data.bookAdded);
    expect(data).toEqual(
      Array.from({ length: 100 }, (_, at) => ({ title: `event ${at}`, author: { name: 'Ursula' } })),
    );
    expect(most).toBe(8);
    socket.raw.terminate();
  });

  it('are so slow that too many events wait for them: 1013, and the subscription upstream is cancelled', async () => {
    authors = () => {};
    let completed = false;
    const burst = events(300);
    books = (socket, message) => {
      if (message.type === 'complete') completed = true;
      burst(socket, message);
    };
    const socket = await subscribe(reaching);
    expect((await socket.waitForClose()).code).toBe(1013);
    await waitFor(() => completed);
    await goesOn();
  });
});
