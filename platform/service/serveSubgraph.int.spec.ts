import { describe, expect, it } from '@jest/globals';
import { callSubgraph, testScope } from '#platform/testing/index.ts';
import { refuse } from '../errors.ts';
import { signCall } from '../identity/signCall.ts';
import type { Call, TokenScope } from '../identity/viewer.ts';
import { serveSubgraph } from './serveSubgraph.ts';
import { signedBodyLimit } from './signedCalls.ts';
import { startSample } from './test/startSample.ts';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar DateTime
  type Query { me: String  caller: String  next(after: DateTime!): DateTime  boom: Int!  gone: Int  color(of: Color): Color }
  type Mutation { rename(input: RenameInput!): String }
  type Task @key(fields: "id") { id: ID!  title: String }
  input RenameInput { title: String!  tags: [String!] }
  enum Color { RED BLUE }
`;

const resolvers = {
  Query: {
    me: (_: unknown, __: unknown, { call }: { call: Call }) => call.viewer?.userId,
    caller: (_: unknown, __: unknown, { call }: { call: Call }) => `${call.caller} ${call.clientAddress}`,
    next: (_: unknown, { after }: { after: Date }) => new Date(after.getTime() + 1),
    boom: () => {
      throw new Error('the password is hunter2');
    },
    gone: () => refuse('NOT_FOUND', 'There is no such task'),
    color: (_: unknown, { of }: { of: string }) => of,
  },
  Mutation: { rename: (_: unknown, { input }: { input: { title: string } }) => input.title },
  Task: { __resolveReference: ({ id }: { id: string }) => ({ id, title: `Task ${id}` }) },
};

const viewer = { userId: 'u1', sessionId: 's1' };

describe('serveSubgraph', () => {
  const scope = testScope();

  async function start() {
    const context = (call: Call) => ({ call });
    const sample = await startSample(scope, 'tasks', ({ app, keys, nonces, log }) =>
      serveSubgraph({ app, name: 'tasks', typeDefs, resolvers, context, keys, nonces, log, scope }),
    );
    const ask = (query: string, variables: Record<string, unknown> = {}) =>
      callSubgraph({ url: sample.url, callee: 'tasks', viewer, query, variables, clientAddress: '203.0.113.7' });
    return { ...sample, ask };
  }

  it('serves signed calls, with the viewer, entities, the service definition and introspection', async () => {
    const { ask } = await start();
    expect(await ask('{ me caller }')).toEqual({ status: 200, data: { me: 'u1', caller: 'gateway 203.0.113.7' } });
    const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Task { title } } }';
    const answer = await ask(entities, { r: [{ __typename: 'Task', id: '7' }] });
    expect(answer.data).toEqual({ _entities: [{ title: 'Task 7' }] });
    expect((await ask('{ _service { sdl } }')).data._service.sdl).toContain('type Task');
    expect((await ask('{ __schema { queryType { name } } }')).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
    expect((await ask('mutation { rename(input: { title: "a" }) }')).data).toEqual({ rename: 'a' });
  });

  it('refuses mutations to a viewer whose token may only read, before they run', async () => {
    const { url } = await start();
    const as = (scope: TokenScope, query: string) =>
      callSubgraph({ url, callee: 'tasks', viewer: { ...viewer, scope }, query, variables: {} });
    const rename = 'mutation { rename(input: { title: "a" }) }';
    const refused = { status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] };
    const answer = await as('read', rename);
    expect(answer).toMatchObject(refused);
    expect(answer.data).toBeUndefined();
    expect(await as('read', `query Reads { me } ${rename}`)).toMatchObject({ status: 400 });
    expect((await as('read', '{ me }')).data).toEqual({ me: 'u1' });
    for (const scope of ['write', 'admin'] as const) expect((await as(scope, rename)).data).toEqual({ rename: 'a' });
  });

  it('reads and writes DateTime without a resolver of the subgraph', async () => {
    const { ask } = await start();
    const query = 'query ($t: DateTime!) { next(after: $t) }';
    expect((await ask(query, { t: '2026-11-20T10:30:00+01:00' })).data).toEqual({ next: '2026-11-20T09:30:00.001Z' });
    expect(await ask(query, { t: 'soon' })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['t'] }] } }],
    });
  });

  it.each([
    ['{ me }', {}],
    ['{ _service { sdl } }', {}],
    ['{ __typename }', {}],
    ['query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', { r: [] }],
    ['mutation { rename(input: { title: "a" }) }', {}],
  ])('refuses %s unless it is signed for this subgraph, in time', async (query, variables) => {
    const { url, keys } = await start();
    const body = JSON.stringify({ query, variables });
    const mutation = query.startsWith('mutation');
    const call = {
      keys,
      caller: 'gateway',
      callee: 'tasks',
      path: '/graphql',
      viewer,
      clientAddress: null,
      body,
      mutation,
    };
    const send = async (headers: Record<string, string>, sent = body) => {
      const init = { method: 'POST', body: sent, headers: { 'content-type': 'application/json', ...headers } };
      const response = await fetch(`${url}/graphql`, init);
      const answer = (await response.json()) as { data?: unknown; errors?: { extensions: Record<string, unknown> }[] };
      return answer.errors ? [response.status, answer.errors[0]?.extensions] : [response.status, 'served'];
    };
    const refused = (reason: string) => [401, { code: 'CALL_REFUSED', reason }];
    expect(await send({})).toEqual(refused('UNSIGNED'));
    expect(await send({}, 'not even JSON')).toEqual(refused('UNSIGNED'));
    expect(await send(signCall({ ...call, callee: 'users' }))).toEqual(refused('WRONG_CALLEE'));
    expect(await send(signCall({ ...call, now: Date.now() - 31_000 }))).toEqual(refused('STALE'));
    // A sibling has a key for this subgraph's internal routes; it must not be able to speak for a viewer.
    expect(await send(signCall({ ...call, caller: 'comments' }))).toEqual(refused('CALLER_NOT_ALLOWED'));
    expect(await send(signCall({ ...call, path: '/internal/task' }))).toEqual(refused('BAD_SIGNATURE'));
    expect(await send(signCall(call), `${body} `)).toEqual(refused('BAD_SIGNATURE'));
    const signed = signCall(call);
    expect(await send(signed)).toEqual([200, 'served']);
    if (mutation) {
      expect(await send(signed)).toEqual(refused('REPLAYED'));
      expect(await send(signCall({ ...call, mutation: false }))).toEqual(refused('NONCE_MISSING'));
    }
  });

  it('takes as many entities as a large query of a client can ask for, and no more than its limit', async () => {
    const { ask } = await start();
    const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Task { id } } }';
    const r = Array.from({ length: 5_000 }, (_, n) => ({ __typename: 'Task', id: `0197a6cc-1e6b-7c6e-9a54-${n}` }));
    const { status, data } = await ask(entities, { r });
    expect([status, data._entities.length, data._entities.at(-1)]).toEqual([200, r.length, { id: r.at(-1)?.id }]);
    const title = 'x'.repeat(signedBodyLimit);
    const tooLarge = await ask('mutation ($title: String!) { rename(input: { title: $title }) }', { title });
    expect(tooLarge).toMatchObject({ status: 413, errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
  });

  it('takes a signed body of any media type for JSON or a bad request, never for an unsigned one', async () => {
    const { url, keys } = await start();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const unsigned = await fetch(`${url}/graphql`, { method: 'POST', body: '{}', headers: { 'content-type': type } });
      expect(unsigned.status).toBe(401);
    }
    const body = '{"query"';
    const headers = signCall({
      keys,
      caller: 'gateway',
      callee: 'tasks',
      path: '/graphql',
      viewer,
      clientAddress: null,
      body,
      mutation: false,
    });
    const broken = await fetch(`${url}/graphql`, { method: 'POST', body, headers });
    expect([broken.status, await broken.text()]).toEqual([400, expect.stringContaining('"BAD_REQUEST"')]);
    expect((await fetch(`${url}/graphql?query={me}`)).status).toBe(404);
  });

  it.each([
    ['{ nothing }', {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['{ color(of: GREEN) }', {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($c: Color) { color(of: $c) }', { c: 'GREEN' }, 400, 'BAD_USER_INPUT'],
    ['query ($t: DateTime!) { next(after: $t) }', {}, 400, 'BAD_USER_INPUT'],
    ['{ gone }', {}, 200, 'NOT_FOUND'],
  ])('answers %s %p with %p %s', async (query, variables, status, code) => {
    const { ask, lines } = await start();
    const answer = await ask(query, variables);
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([status, code]);
    expect(lines.filter((line) => line.level === 'error')).toEqual([]);
  });

  it('masks what is unexpected and logs it once, within the trace', async () => {
    const { ask, lines } = await start();
    const answer = await ask('{ boom }');
    expect(answer.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|stacktrace/);
    const logged = lines.filter((line) => line.level === 'error');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ incident: answer.errors?.[0]?.extensions.incident, path: 'boom' });
    expect(logged[0]?.trace_id).toBe(lines.find((line) => line.msg === 'request')?.trace_id);
  });

  it('counts operations by name and outcome', async () => {
    const { ask, app } = await start();
    await ask('query Mine { me }');
    await ask('query Mine { gone }');
    await ask('{ nothing }');
    const metrics = await app.metrics.registry.metrics();
    for (const labels of [
      'operation="Mine",type="query",outcome="ok"',
      'operation="Mine",type="query",outcome="NOT_FOUND"',
    ]) {
      expect(metrics).toContain(`graphql_operations_total{${labels},service="tasks"} 1`);
    }
    expect(metrics).toContain('operation="invalid",type="invalid",outcome="GRAPHQL_VALIDATION_FAILED"');
  });
});
