import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let comments: Fixture;

beforeAll(async () => {
  comments = await startFixture(scope);
}, 30_000);

const keys = parseCallKeys(undefined, false);
const post = (body: string, headers: Record<string, string>) =>
  fetch(`${comments.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

describe('POST /graphql', () => {
  it.each([
    ['_service', '{ _service { sdl } }'],
    ['_entities', '{ _entities(representations: []) { __typename } }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['a query', '{ comment(id: "0197a6cc-1e6b-7c6e-9a54-3c2e14a1f3d0") { id } }'],
  ])(
    'refuses %s unsigned, stale, for another, by another, for another path, or with other bytes',
    async (_name, query) => {
      const body = JSON.stringify({ query });
      const call = {
        keys,
        caller: 'gateway',
        callee: 'comments',
        path: '/graphql',
        viewer: null,
        clientAddress: null,
        body,
        mutation: false,
      };
      const attempts: Record<string, string>[] = [
        {},
        { 'taskgraph-caller': 'gateway', 'taskgraph-viewer': '0197a6cc-1e6b-7c6e-9a54-3c2e14a1f3d0' },
        signCall({ ...call, now: Date.now() - 31_000 }),
        signCall({ ...call, callee: 'tasks' }),
        signCall({ ...call, caller: 'tasks' }),
        signCall({ ...call, path: '/internal/comment' }),
        signCall({ ...call, body: `${body} ` }),
      ];
      for (const headers of attempts) {
        const response = await post(body, headers);
        const { data, errors } = await response.json();
        expect(data ?? null).toBeNull();
        expect(errors[0].extensions.code).toBe('CALL_REFUSED');
      }
      expect((await post(body, signCall(call))).status).toBe(200);
    },
  );

  it('takes a mutation once, and only with a nonce', async () => {
    const body = JSON.stringify({
      query: 'mutation ($i: AddCommentInput!) { addComment(input: $i) { comment { id } } }',
      variables: { i: { taskId: newId(), body: 'Hello' } },
    });
    const viewer = { userId: newId(), sessionId: newId() };
    const call = { keys, caller: 'gateway', callee: 'comments', path: '/graphql', viewer, clientAddress: null, body };
    const codeOf = async (headers: Record<string, string>) =>
      (await (await post(body, headers)).json()).errors[0].extensions;
    const once = signCall({ ...call, mutation: true });
    expect(await codeOf(once)).toEqual({ code: 'NOT_FOUND' });
    expect(await codeOf(once)).toMatchObject({ code: 'CALL_REFUSED', reason: 'REPLAYED' });
    expect(await codeOf(signCall({ ...call, mutation: false }))).toMatchObject({ code: 'CALL_REFUSED' });
  });

  it('refuses a body that is not JSON', async () => {
    const body = '{"query": ';
    const call = {
      keys,
      caller: 'gateway',
      callee: 'comments',
      path: '/graphql',
      viewer: null,
      clientAddress: null,
      body,
      mutation: false,
    };
    const response = await post(body, signCall(call));
    expect(response.status).toBe(400);
    expect((await response.json()).errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});
