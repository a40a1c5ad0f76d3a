import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSchema, execute, GraphQLError, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type Client,
  createClient,
  MeDocument,
  NotificationReceivedDocument,
  TaskDocument,
  TaskgraphError,
} from '../src/index.ts';

// A real server of a piece of the API: HTTP and graphql-ws on one port, as the gateway has them.
const schema = buildSchema(`
  type Query { me: User! task(id: ID!): Task }
  type User { id: ID! name: String! avatarUrl: String email: String createdAt: String }
  type Task {
    id: ID! key: String number: Int title: String status: String version: Int createdAt: String updatedAt: String
    viewerCanUpdate: Boolean project: Project creator: User assignee: User
  }
  type Project { id: ID! key: String name: String }
  type Subscription { notificationReceived(after: String): NotificationReceived! }
  type NotificationReceived { cursor: String! notification: Notification! }
  type Notification { id: ID! kind: String title: String createdAt: String readAt: String task: Task actor: User }
`);
const ada = { id: '1', name: 'Ada', avatarUrl: null, email: 'ada@example.com', createdAt: '2026-11-20T09:30:00.000Z' };

let server: Server;
let url: string;
let client: Client;
let requests: { headers: Record<string, unknown>; body: { operationName?: string; variables: unknown } }[];
let answer: (() => { status: number; text: string }) | undefined;
let connections: { params: unknown; socket: WebSocket }[];
let subscriptions: (string | null)[];
let refuse: boolean;
/** What the server sends to a subscriber who is at this cursor, before it waits. */
let events: (after: number) => AsyncGenerator<number>;

/** Closes the last connection, and resolves once it is closed: what is sent after that reaches nobody. */
async function closed(code: number): Promise<void> {
  const socket = connections.at(-1)?.socket as WebSocket;
  socket.close(code);
  await once(socket, 'close');
}

beforeEach(async () => {
  [requests, connections, subscriptions, answer, refuse] = [[], [], [], undefined, false];
  events = async function* () {};
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    requests.push({ headers: request.headers, body });
    const given = answer?.();
    if (given) return void response.writeHead(given.status).end(given.text);
    const rootValue = {
      me: () => ada,
      task: () => {
        throw new GraphQLError('id: Must be a UUID', {
          extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['id'], message: 'Must be a UUID' }] },
        });
      },
    };
    const result = await execute({ schema, document: parse(body.query), variableValues: body.variables, rootValue });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const live = useServer(
    {
      schema,
      onConnect: ({ connectionParams, extra }) => {
        if (refuse) return false;
        connections.push({ params: connectionParams, socket: extra.socket });
        return true;
      },
      roots: {
        subscription: {
          async *notificationReceived({ after }: { after?: string }) {
            subscriptions.push(after ?? null);
            for await (const n of events(Number(after ?? 0))) {
              const notification = {
                id: String(n),
                kind: 'TASK_ASSIGNED',
                title: `Event ${n}`,
                createdAt: ada.createdAt,
              };
              yield { notificationReceived: { cursor: String(n), notification } };
            }
          },
        } as never,
      },
    },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  client = createClient({ url, token: () => 'secret', webSocket: WebSocket });
  closers.push(
    () => client.close(),
    () => live.dispose(),
    () => new Promise((resolve) => server.close(resolve)),
  );
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** What the call throws. */
async function thrown(work: () => Promise<unknown>): Promise<TaskgraphError> {
  const error = await work().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TaskgraphError);
  return error as TaskgraphError;
}

describe('query and mutate', () => {
  it('send the document with its name and variables and the token, and answer typed data', async () => {
    const { me } = await client.query(MeDocument);
    const name: string = me.name;
    expect(name).toBe('Ada');
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' });
    expect(requests[0]?.body).toMatchObject({ operationName: 'Me', variables: {} });
  });

  it('hold the variables to their types', async () => {
    // @ts-expect-error: a task is asked for by its id
    await thrown(() => client.query(TaskDocument, {}));
    // @ts-expect-error: and by nothing else
    await thrown(() => client.query(TaskDocument, { id: '1', key: 'WEB-1' }));
  });

  it('send no token when there is none', async () => {
    for (const token of [undefined, null, '', async () => null]) {
      await createClient({ url, ...(token === undefined ? {} : { token }) }).query(MeDocument);
    }
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('ask for the token each time', async () => {
    let n = 0;
    const changing = createClient({ url, token: () => `token ${++n}` });
    await changing.query(MeDocument);
    await changing.query(MeDocument);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token 1', 'Bearer token 2']);
  });

  it('throw the code, and what is needed to act on it', async () => {
    const error = await thrown(() => client.query(TaskDocument, { id: 'x' }));
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.fields).toEqual([{ path: ['id'], message: 'Must be a UUID' }]);
    expect(error.data).toEqual({ task: null });
    const refused = (extensions: object) => () => ({
      status: 200,
      text: JSON.stringify({ errors: [{ message: 'no', extensions }] }),
    });
    answer = refused({ code: 'TOO_BUSY', retryAfter: 3 });
    expect(await thrown(() => client.query(MeDocument))).toMatchObject({ code: 'TOO_BUSY', retryAfter: 3 });
    answer = refused({ code: 'INTERNAL_SERVER_ERROR', incident: '42' });
    expect(await thrown(() => client.query(MeDocument))).toMatchObject({ incident: '42' });
  });

  it.each([
    ['a page of a proxy', { status: 502, text: '<html>Bad gateway</html>' }],
    ['JSON that is no GraphQL', { status: 200, text: '"hello"' }],
    ['nothing', { status: 204, text: '' }],
  ])('throw BAD_RESPONSE for %s', async (_name, given) => {
    answer = () => given;
    expect((await thrown(() => client.query(MeDocument))).code).toBe('BAD_RESPONSE');
  });

  it('throw NETWORK_ERROR when nobody is there', async () => {
    const nowhere = createClient({ url: 'http://127.0.0.1:1/graphql' });
    expect((await thrown(() => nowhere.query(MeDocument))).code).toBe('NETWORK_ERROR');
  });

  it('throw the reason when the signal aborts', async () => {
    const reason = new Error('enough');
    await expect(client.query(MeDocument, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('subscribe', () => {
  const take = async (count: number) => {
    const titles: string[] = [];
    for await (const { notificationReceived } of client.subscribe(NotificationReceivedDocument)) {
      titles.push(notificationReceived.notification.title);
      if (titles.length === count) break;
    }
    return titles;
  };

  it('iterates over the events, with the token in connection_init', async () => {
    events = async function* (after) {
      for (let n = after + 1; ; n++) yield n;
    };
    expect(await take(3)).toEqual(['Event 1', 'Event 2', 'Event 3']);
    expect(connections[0]?.params).toEqual({ authorization: 'Bearer secret' });
  });

  it('connects again and goes on from the last cursor, without a gap or a repeat', async () => {
    let broken = 0;
    events = async function* (after) {
      for (let n = after + 1; n <= after + 2; n++) yield n;
      if (++broken < 3) await closed(1012);
      yield after + 3;
    };
    expect(await take(6)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `Event ${n}`));
    expect(subscriptions).toEqual([null, '2', '4']);
    expect(connections).toHaveLength(3);
  });

  it('goes on with a new token when the old one runs out, and ends when there is no way to get one', async () => {
    events = async function* (after) {
      yield after + 1;
      await closed(4401);
      yield after + 2;
    };
    expect(await take(2)).toEqual(['Event 1', 'Event 2']);
    expect(subscriptions).toEqual([null, '1']);
    const fixed = createClient({ url, token: 'secret', webSocket: WebSocket });
    closers.unshift(() => fixed.close());
    const stream = fixed.subscribe(NotificationReceivedDocument);
    await stream.next();
    expect((await thrown(() => stream.next())).code).toBe('UNAUTHENTICATED');
  });

  it('can be left before the first event', async () => {
    events = async function* () {
      for (let n = 1; ; n++) yield n;
    };
    const iterator = client.subscribe(NotificationReceivedDocument);
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('ends when the server says that it is complete', async () => {
    events = async function* () {
      yield 1;
    };
    expect(await take(9)).toEqual(['Event 1']);
  });

  it('throws the code of a refusal', async () => {
    // biome-ignore lint/correctness/useYield: it refuses before the first event
    events = async function* () {
      throw new GraphQLError('gone', { extensions: { code: 'CURSOR_EXPIRED' } });
    };
    expect((await thrown(() => take(1))).code).toBe('CURSOR_EXPIRED');
  });

  it('throws when the server refuses the connection, and does not try again', async () => {
    refuse = true;
    expect((await thrown(() => take(1))).code).toBe('UNAUTHENTICATED');
  });

  it('names the option that is missing or wrong where there is no WebSocket', async () => {
    const global = globalThis.WebSocket;
    try {
      Object.assign(globalThis, { WebSocket: undefined });
      const bare = createClient({ url });
      for (const work of [
        async () => bare.subscribe(NotificationReceivedDocument),
        async () => createClient({ url, webSocket: {} }),
      ]) {
        const error = await thrown(work);
        expect(error.code).toBe('NO_WEBSOCKET');
        expect(error.message).toContain('the option webSocket');
      }
    } finally {
      Object.assign(globalThis, { WebSocket: global });
    }
  });

  it('throws the reason when the signal aborts', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const iterator = client.subscribe(NotificationReceivedDocument, {}, { signal: controller.signal });
    const next = iterator.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});
