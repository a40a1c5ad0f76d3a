import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { callSubgraph, queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, startFixture } from './fixture.ts';

const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on User { id name email } ... on Workspace { id name viewerRole }
} }`;

type Somebody = Awaited<ReturnType<Fixture['person']>>;

const scope = testScope();
let users: Fixture;
let owner: Somebody;
let member: Somebody;
let stranger: Somebody;
let workspaceId: string;

beforeAll(async () => {
  users = await startFixture(scope);
  [owner, member, stranger] = (await Promise.all(['Olga', 'Mona', 'Stan'].map((name) => users.person(name)))) as [
    Somebody,
    Somebody,
    Somebody,
  ];
  workspaceId = await users.workspace(owner, [{ email: member.email, role: 'MEMBER' }]);
});

const resolve = (viewer: Person, representations: { __typename: string; id: string }[]) =>
  users.call(viewer, entities, { representations });

describe('entities', () => {
  it('are the people that the viewer shares a workspace with, and the viewer; the others are null', async () => {
    const representations = [
      owner.userId,
      member.userId,
      stranger.userId,
      newId(),
      'x',
      owner.userId.toUpperCase(),
    ].map((id) => ({ __typename: 'User', id }));
    const { result, queries } = await queriesOf(() => resolve(member, representations));
    expect(result.errors).toBeUndefined();
    const olga = { id: owner.userId, name: 'Olga', email: null };
    expect(result.data._entities).toEqual([
      olga,
      { id: member.userId, name: 'Mona', email: member.email },
      null,
      null,
      null,
      olga,
    ]);
    expect(queries).toHaveLength(1);
  });

  it('are the workspaces that the viewer is a member of', async () => {
    const representations = [workspaceId, newId(), 'x'].map((id) => ({ __typename: 'Workspace', id }));
    const { data } = await resolve(member, representations);
    expect(data._entities).toEqual([{ id: workspaceId, name: 'Acme', viewerRole: 'MEMBER' }, null, null]);
    expect((await resolve(stranger, representations)).data._entities).toEqual([null, null, null]);
  });

  it('are nobody and nothing for nobody', async () => {
    const representations = [
      { __typename: 'User', id: owner.userId },
      { __typename: 'Workspace', id: workspaceId },
    ];
    expect((await resolve(null, representations)).data._entities).toEqual([null, null]);
  });
});

describe('calls between services', () => {
  const unsigned = (body: unknown) =>
    fetch(`${users.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it.each([
    ['{ __typename }'],
    ['{ _service { sdl } }'],
    ['{ _entities(representations: [{ __typename: "User", id: "x" }]) { __typename } }'],
  ])('are refused when unsigned: %s', async (query) => {
    const response = await unsigned({ query });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CALL_REFUSED' } }] });
  });

  it('are refused when signed for another service', async () => {
    const answer = await callSubgraph({ url: users.url, callee: 'tasks', query: '{ __typename }' });
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'CALL_REFUSED' } }] });
  });

  const client = (caller: string) =>
    createGuardedClient({ url: users.url, caller, callee: 'users', keys: parseCallKeys(undefined, false) });

  it('say of a membership that has ended that it has, with its version: a projection that lags learns of it', async () => {
    const second = await users.workspace(owner, [{ email: member.email, role: 'MEMBER' }]);
    const { userId } = member;
    await users.pool.query(
      `with gone as (delete from membership where workspace_id = $1 and user_id = $2 returning id)
       insert into ended_membership select id, $1, $2, 2 from gone`,
      [second, userId],
    );
    const ended = { workspaceId: second, userId, role: null, version: 2 };
    const comments = client('comments');
    expect(await comments.call('/internal/memberships', { userId }, z.unknown())).toEqual({
      memberships: expect.arrayContaining([ended]),
    });
    await comments.close();
  });

  it("answer all of a person's memberships, in one query, whatever there is", async () => {
    const second = await users.workspace(member);
    const tasks = client('tasks');
    const ask = (userId: string) => tasks.call('/internal/memberships', { userId }, z.unknown());
    const { userId } = member;
    const { result, queries } = await queriesOf(() => ask(userId));
    expect(result).toEqual({
      memberships: expect.arrayContaining([
        { workspaceId, userId, role: 'MEMBER', version: 1 },
        { workspaceId: second, userId, role: 'OWNER', version: 1 },
      ]),
    });
    expect(queries).toHaveLength(1);
    expect(await ask(stranger.userId)).toEqual({ memberships: [] });
    expect(await ask(newId())).toEqual({ memberships: [] });
    await expect(ask('x')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await tasks.close();
  });

  it('answer who somebody is', async () => {
    const notifications = client('notifications');
    const ask = (id: string) => notifications.call('/internal/person', { id }, z.unknown());
    const { userId: id, name, email } = member;
    expect(await ask(id)).toEqual({ person: { id, name, email, avatarUrl: null, version: 1 } });
    expect(await ask(newId())).toEqual({ person: null });
    await notifications.close();
  });

  it('are for those services alone that need them, and signed', async () => {
    const gateway = client('gateway');
    await expect(gateway.call('/internal/person', { id: owner.userId }, z.unknown())).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    await gateway.close();
    const response = await fetch(`${users.url}/internal/person`, { method: 'POST', body: JSON.stringify({}) });
    expect(response.status).toBe(401);
  });
});
