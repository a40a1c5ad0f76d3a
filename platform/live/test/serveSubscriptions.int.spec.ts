import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { buildSchema, type GraphQLError } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import { serveSubscriptions, signedOperation } from '#platform/live/serveSubscriptions.ts';
import { createScope, type OwnedScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/index.ts';

const keys = parseCallKeys(undefined, false);
const ada: Viewer = { userId: 'ada', sessionId: 's' };
const log = pino({ level: 'silent' });

const schema = buildSchema(
  'type Query { hello: String } type Subscription { count(to: Int!): Int, who: String, fail: Int }',
);
const released: string[] = [];
const fields = schema.getSubscriptionType()?.getFields() ?? {};
Object.assign(fields.count ?? {}, {
  async *subscribe(_: unknown, { to }: { to: number }) {
    try {
      for (let count = 1; count <= to; count++) yield { count };
    } finally {
      released.push('count');
    }
  },
});
Object.assign(fields.who ?? {}, {
  async *subscribe(_: unknown, _args: unknown, context: { viewer: Viewer | null }) {
    yield { who: context.viewer?.userId ?? 'nobody' };
  },
});
Object.assign(fields.fail ?? {}, {
  async *subscribe() {
    yield {};
  },
  resolve() {
    throw new Error('the password is hunter2');
  },
});

let scope: OwnedScope;
let url: string;
beforeEach(async () => {
  scope = createScope();
  const app = Fastify();
  scope.defer('app', () => app.close());
  const context = (call: { viewer: Viewer | null }) => ({ viewer: call.viewer });
  serveSubscriptions({
    app,
    path: '/graphql',
    name: 'things',
    schema,
    keys,
    nonces: createNonces(),
    context,
    log,
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  url = `${address.replace('http', 'ws')}/graphql`;
});
afterEach(() => scope.close());

type Answer = { data?: unknown; errors?: readonly { message: string; extensions?: Record<string, unknown> }[] };

/** A call as the gateway makes it. */
const to = { keys, caller: 'gateway', callee: 'things', path: '/graphql', clientAddress: null, mutation: false };

/** Runs an operation to its end, signed unless told otherwise, and returns all that came. */
async function run(
  query: string,
  more: {
    call?: Record<string, string>;
    variables?: Record<string, unknown>;
    viewer?: Viewer | null;
    client?: Client;
  } = {},
): Promise<Answer[]> {
  const client = more.client ?? createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  const operation = { query, variables: more.variables ?? {} };
  const body = signedOperation(operation);
  const viewer = more.viewer === undefined ? ada : more.viewer;
  const call = more.call ?? signCall({ ...to, viewer, body });
  const answers: Answer[] = [];
  await new Promise<void>((resolve) => {
    client.subscribe<unknown>(
      { ...operation, extensions: { call } },
      {
        next: (answer) => answers.push(answer as Answer),
        error(errors) {
          answers.push({ errors: errors as GraphQLError[] });
          resolve();
        },
        complete: resolve,
      },
    );
  });
  if (!more.client) await client.dispose();
  return answers;
}

describe('subscriptions between services', () => {
  it('serves signed operations, each for its own viewer, on one socket', async () => {
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazyCloseTimeout: 1_000 });
    scope.defer('client', () => client.dispose());
    const [counts, whoAda, whoNobody] = await Promise.all([
      run('subscription ($to: Int!) { count(to: $to) }', { client, variables: { to: 3 } }),
      run('subscription { who }', { client }),
      run('subscription { who }', { client, viewer: null }),
    ]);
    expect(counts.map((answer) => answer.data)).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    expect([whoAda, whoNobody].map(([answer]) => answer?.data)).toEqual([{ who: 'ada' }, { who: 'nobody' }]);
    await waitFor(() => released.length > 0);
  });

  const call = { ...to, viewer: ada, body: signedOperation({ query: 'subscription { who }', variables: {} }) };

  it.each([
    ['is unsigned', {}, 'UNSIGNED'],
    ['signs another operation', signCall({ ...call, body: '{}' }), 'BAD_SIGNATURE'],
    ['is for another service', signCall({ ...call, callee: 'others' }), 'WRONG_CALLEE'],
    ['is for another path', signCall({ ...call, path: '/internal/thing' }), 'BAD_SIGNATURE'],
    ['is signed by a sibling', signCall({ ...call, caller: 'others' }), 'CALLER_NOT_ALLOWED'],
    ['is stale', signCall({ ...call, now: Date.now() - 31_000 }), 'STALE'],
  ])('refuses an operation that %s', async (_name, signed, reason) => {
    const [answer] = await run('subscription { who }', { call: signed as Record<string, string> });
    expect(answer?.errors?.[0]?.extensions).toEqual({ code: 'CALL_REFUSED', reason });
  });

  it.each([
    ['subscription { who', 'GRAPHQL_PARSE_FAILED'],
    ['subscription { what }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ hello }', 'BAD_REQUEST'],
  ])('refuses %s with %s', async (query, code) => {
    const [answer] = await run(query);
    expect(answer?.errors?.[0]?.extensions?.code).toBe(code);
  });

  it('lets the server stop while sockets are open', async () => {
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => {},
    });
    let closed: { code?: number } | undefined;
    await new Promise<void>((resolve) => {
      client.on('connected', () => resolve());
    });
    client.on('closed', (event) => {
      closed = event as { code: number };
    });
    await scope.close();
    await waitFor(() => closed);
    expect(closed?.code).toBe(1001);
  });

  it('masks what it did not expect', async () => {
    const [answer] = await run('subscription { fail }');
    expect(answer?.errors?.[0]?.extensions).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      incident: expect.any(String),
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});
