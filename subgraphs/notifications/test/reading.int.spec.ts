import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope, waitFor } from '#platform/testing/index.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

const list = `query ($first: Int, $after: String, $filter: NotificationFilter) {
  unreadNotificationCount
  notifications(first: $first, after: $after, filter: $filter) {
    nodes { id kind title readAt task { id } actor { id } } pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;
const mark = `mutation ($input: MarkNotificationReadInput!) { markNotificationRead(input: $input) {
  notification { id readAt } unreadNotificationCount
} }`;

const scope = testScope();
let notifications: Fixture;
let ada: Account;
let grace: Account;
/** Grace's, the newest first. */
let ids: string[];

beforeAll(async () => {
  notifications = await startFixture(scope, { smtp: false });
  ada = notifications.account('Ada');
  grace = notifications.account('Grace');
  for (let number = 1; number <= 7; number++) await notifications.assign(ada, grace, { title: `Task ${number}` });
  await notifications.assign(grace, ada);
  await waitFor(async () => (await notifications.feedOf(grace)).length === 7);
  await waitFor(async () => (await notifications.feedOf(ada)).length === 1);
  ids = (await notifications.feedOf(grace)).map((row) => row.id).reverse();
}, 30_000);

const idsOf = (answer: { data: { notifications: { nodes: { id: string }[] } } }) =>
  answer.data.notifications.nodes.map(({ id }) => id);

describe('notifications', () => {
  it('are the own ones, the newest first, page by page, each once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (const more of [true, true, false]) {
      const answer = await notifications.call(grace, list, { first: 3, after });
      expect(answer.errors).toBeUndefined();
      seen.push(...idsOf(answer));
      const { pageInfo } = answer.data.notifications;
      expect(pageInfo).toMatchObject({ hasNextPage: more, hasPreviousPage: after !== null });
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(ids);
  });

  it('are one query, and the count another', async () => {
    const { queries } = await queriesOf(() => notifications.call(grace, list, { first: 5 }));
    // The e-mails of these notifications may be sent meanwhile.
    expect(queries.filter((query) => /from .*notification.* where/i.test(query))).toHaveLength(2);
  });

  it('can be filtered by whether they are read', async () => {
    const linus = notifications.account('Linus');
    for (let number = 1; number <= 4; number++) await notifications.assign(ada, linus);
    const feed = await waitFor(async () => {
      const rows = await notifications.feedOf(linus);
      return rows.length === 4 ? rows : null;
    });
    const [one, two, three, four] = feed.map((row) => row.id);
    for (const id of [one, three]) await notifications.call(linus, mark, { input: { id } });
    const filtered = async (filter: unknown) => idsOf(await notifications.call(linus, list, { filter }));
    expect(await filtered({ read: true })).toEqual([three, one]);
    expect(await filtered({ read: false })).toEqual([four, two]);
    expect(await filtered({ read: null })).toEqual([four, three, two, one]);
    expect((await notifications.call(linus, list)).data.unreadNotificationCount).toBe(2);
  });

  it.each([
    ['anonymous', false, {}, 'UNAUTHENTICATED'],
    ['no cursor', true, { after: 'nonsense' }, 'BAD_USER_INPUT'],
    ['a cursor that is a number', true, { after: '7' }, 'BAD_USER_INPUT'],
    ['a page too large', true, { first: 101 }, 'BAD_USER_INPUT'],
    ['an unknown filter', true, { filter: { kind: 'TASK_EATEN' } }, 'BAD_USER_INPUT'],
  ])('refuse %s', async (_name, signedIn, variables, code) => {
    const { data, errors } = await notifications.call(signedIn ? grace : null, list, variables);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it('as entities are the own ones only', async () => {
    const query = 'query ($n: [_Any!]!) { _entities(representations: $n) { ... on Notification { id } } }';
    const [foreign] = await notifications.feedOf(ada);
    const n = [foreign.id, ids[0], newId(), 'nonsense'].map((id) => ({ __typename: 'Notification', id }));
    const { data, errors } = await notifications.call(grace, query, { n });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([null, { id: ids[0] }, null, null]);
    expect((await notifications.call(null, query, { n })).data._entities).toEqual([null, null, null, null]);
  });
});

describe('markNotificationRead', () => {
  it('marks once, counts down, records the fact, and changes nothing the second time', async () => {
    const id = ids[2] as string;
    const first = await notifications.call(grace, mark, { input: { id } });
    expect(first.errors).toBeUndefined();
    const { notification, unreadNotificationCount } = first.data.markNotificationRead;
    expect([notification.id, unreadNotificationCount]).toEqual([id, 6]);
    expect(notification.readAt).toMatch(/Z$/);
    expect(await notifications.call(grace, mark, { input: { id: id.toUpperCase() } })).toEqual(first);
    const { rows } = await notifications.pool.query(
      'select type, version, actor_id, data, changes from backbone.event where aggregate_id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        type: 'notifications.notification.read.v1',
        version: 2,
        actor_id: grace.userId,
        data: { notification: { id, recipientId: grace.userId } },
        changes: { readAt: { from: null, to: notification.readAt } },
      },
    ]);
  });

  it('is recorded once when twenty come at once', async () => {
    const id = ids[3] as string;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => notifications.call(grace, mark, { input: { id } })),
    );
    const times = new Set(answers.map(({ data }) => data.markNotificationRead.notification.readAt));
    expect(times.size).toBe(1);
    expect(await notifications.count('backbone.event where aggregate_id = $1', id)).toBe(1);
  });

  it.each([
    ['anonymous', () => null, () => ids[0], 'UNAUTHENTICATED'],
    ["somebody else's", () => ada, () => ids[0], 'NOT_FOUND'],
    ['an unknown one', () => grace, () => newId(), 'NOT_FOUND'],
    ['a malformed id', () => grace, () => "' or 1=1 --", 'BAD_USER_INPUT'],
    ['an id of the wrong type', () => grace, () => ({ id: 1 }), 'BAD_USER_INPUT'],
  ])('refuses %s, and writes nothing', async (_name, viewer, id, code) => {
    const before = await notifications.written();
    const { data, errors } = await notifications.call(viewer(), mark, { input: { id: id() } });
    expect(data?.markNotificationRead).toBeFalsy();
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(await notifications.written()).toEqual(before);
  });

  it('refuses an id of two megabytes, and writes nothing', async () => {
    const before = await notifications.written();
    const { status, errors } = await notifications.call(grace, mark, { input: { id: 'x'.repeat(2_000_000) } });
    expect([status, errors?.[0]?.extensions.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(await notifications.written()).toEqual(before);
  });
});

describe('POST /graphql', () => {
  it.each([
    ['_service', '{ _service { sdl } }'],
    ['_entities', '{ _entities(representations: []) { __typename } }'],
    ['a query', '{ unreadNotificationCount }'],
    ['a mutation', `mutation { markNotificationRead(input: { id: "${newId()}" }) { unreadNotificationCount } }`],
  ])(
    'refuses %s unsigned, stale, for another, by another, for another path, or with other bytes',
    async (_name, query) => {
      const body = JSON.stringify({ query });
      const viewer = { userId: grace.userId, sessionId: grace.sessionId };
      const to = {
        keys: parseCallKeys(undefined, false),
        caller: 'gateway',
        callee: 'notifications',
        path: '/graphql',
      };
      const call = { ...to, viewer, clientAddress: null, body, mutation: query.startsWith('mutation') };
      const attempts: Record<string, string>[] = [
        {},
        { 'taskgraph-caller': 'gateway', 'taskgraph-viewer': `${grace.userId} ${grace.sessionId}` },
        signCall({ ...call, now: Date.now() - 31_000 }),
        signCall({ ...call, callee: 'comments' }),
        signCall({ ...call, caller: 'comments' }),
        signCall({ ...call, path: '/internal/person' }),
        signCall({ ...call, body: `${body} ` }),
      ];
      for (const signature of attempts) {
        const headers = { 'content-type': 'application/json', ...signature };
        const response = await fetch(`${notifications.service.url}/graphql`, { method: 'POST', headers, body });
        const { data, errors } = await response.json();
        expect([data ?? null, errors[0].extensions.code]).toEqual([null, 'CALL_REFUSED']);
      }
    },
  );
});

describe('notifications about a workspace that somebody has left', () => {
  const entity = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Notification { id } } }`;
  const seen = async (account: Account, id: string) => {
    const { data } = await notifications.call(account, list);
    const found = await notifications.call(account, entity, { r: [{ __typename: 'Notification', id }] });
    return {
      listed: idsOf({ data }),
      unread: data.unreadNotificationCount,
      entity: found.data._entities[0]?.id ?? null,
    };
  };

  it('are not there any more: in no list, no count, not by id, not to be marked; and are there again afterwards', async () => {
    const nina = notifications.account('Nina');
    await notifications.assign(ada, nina);
    await waitFor(async () => (await notifications.feedOf(nina)).length === 1);
    const [{ id }] = (await notifications.feedOf(nina)) as [{ id: string }];
    const there = { listed: [id], unread: 1, entity: id };
    expect(await seen(nina, id)).toEqual(there);
    const becomes = (role: string | null, version: number) =>
      notifications.pool.query('update membership set role = $2::workspace_role, version = $3 where user_id = $1', [
        ...[nina.userId, role, version],
      ]);
    await becomes(null, 2);
    expect(await seen(nina, id)).toEqual({ listed: [], unread: 0, entity: null });
    const { errors } = await notifications.call(nina, mark, { input: { id } });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await becomes('GUEST', 3);
    expect(await seen(nina, id)).toEqual(there);
  });

  it('are not there either while the projection lags: users is asked, and without users nothing is shown', async () => {
    const nina = notifications.account('Nina');
    await notifications.assign(ada, nina);
    await waitFor(async () => (await notifications.feedOf(nina)).length === 1);
    const [{ id }] = (await notifications.feedOf(nina)) as [{ id: string }];
    const key = `${notifications.workspaceId} ${nina.userId}`;
    notifications.memberships.set(key, {
      ...{ workspaceId: notifications.workspaceId, userId: nina.userId, role: null, version: 2 },
    });
    await notifications.nats.stop();
    // Until it has noticed that it is cut off.
    await waitFor(async () => (await seen(nina, id)).listed.length === 0);
    await notifications.users.stop();
    const nils = notifications.account('Nils');
    const { errors } = await notifications.call(nils, list);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('SERVICE_UNAVAILABLE');
    await notifications.users.start();
    await notifications.nats.start();
  }, 30_000);
});
