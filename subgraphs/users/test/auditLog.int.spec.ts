import { beforeAll, describe, expect, it } from '@jest/globals';
import { callSubgraph, queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, startFixture } from './fixture.ts';

const auditLog = `query ($id: ID!, $first: Int, $after: String, $filter: AuditLogFilter) { workspace(id: $id) {
  auditLog(first: $first, after: $after, filter: $filter) {
    nodes { id action at actor { name email } subject { name } address userAgent changes { field from to } }
    pageInfo { hasNextPage endCursor }
  }
} }`;

type Somebody = NonNullable<Person> & { email: string; name: string };

const scope = testScope();
let users: Fixture;
let owner: Somebody;
let admin: Somebody;
let member: Somebody;
let guest: Somebody;
let workspaceId: string;

const act = (viewer: Somebody, query: string) =>
  callSubgraph({
    ...{ url: users.url, callee: 'users', viewer, query, clientAddress: '203.0.113.7', userAgent: `${viewer.name}/1` },
  });
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
const read = async (filter: object | null = null, viewer: Somebody = owner): Promise<any[]> => {
  const { data, errors } = await users.call(viewer, auditLog, { id: workspaceId, filter });
  expect(errors).toBeUndefined();
  return data.workspace.auditLog?.nodes ?? null;
};

beforeAll(async () => {
  users = await startFixture(scope);
  [owner, admin, member, guest] = (await Promise.all(
    ['Olga', 'Adam', 'Mona', 'Gus'].map((name) => users.person(name)),
  )) as unknown as [Somebody, Somebody, Somebody, Somebody];
  workspaceId = await users.workspace(owner, [
    { email: admin.email, role: 'ADMIN' },
    { email: member.email, role: 'MEMBER' },
    { email: guest.email, role: 'GUEST' },
  ]);
  for (const [viewer, text] of [
    [admin, `renameWorkspace(input: { id: "${workspaceId}", name: "Lab" }) { workspace { id } }`],
    [admin, `removeMember(input: { workspaceId: "${workspaceId}", userId: "${member.userId}" }) { userId }`],
    [owner, `archiveWorkspace(input: { id: "${workspaceId}" }) { workspace { id } }`],
    [owner, `restoreWorkspace(input: { id: "${workspaceId}" }) { workspace { id } }`],
    [
      owner,
      `transferOwnership(input: { workspaceId: "${workspaceId}", userId: "${admin.userId}" }) { member { role } }`,
    ],
  ] as const) {
    expect((await act(viewer, `mutation { ${text} }`)).errors).toBeUndefined();
  }
});

describe('the audit log', () => {
  it('says who did what, to whom, from where, the latest first', async () => {
    const entries = await read();
    expect(entries.map(({ action }) => action)).toEqual([
      'OWNERSHIP_TRANSFERRED',
      'WORKSPACE_RESTORED',
      'WORKSPACE_ARCHIVED',
      'MEMBER_REMOVED',
      'WORKSPACE_RENAMED',
      'MEMBER_ADDED',
      'MEMBER_ADDED',
      'MEMBER_ADDED',
      'WORKSPACE_CREATED',
    ]);
    const from = (name: string) => ({ actor: { name }, address: '203.0.113.7', userAgent: `${name}/1` });
    expect(entries[0]).toMatchObject({
      ...from('Olga'),
      subject: { name: 'Adam' },
      changes: [{ field: 'role', from: 'ADMIN', to: 'OWNER' }],
    });
    // Also of somebody who has left, and no more of anybody than the name.
    expect(entries[3]).toMatchObject({
      ...from('Adam'),
      actor: { name: 'Adam', email: null },
      subject: { name: 'Mona' },
      changes: [{ field: 'role', from: 'MEMBER', to: null }],
    });
    expect(entries[4]).toMatchObject({ subject: null, changes: [{ field: 'name', from: 'Acme', to: 'Lab' }] });
  });

  it('is for owners and admins, and null for the others', async () => {
    expect(await read(null, admin)).not.toBeNull();
    expect(await read(null, guest)).toBeNull();
  });

  it('is filtered by who, what and when, all at once', async () => {
    const all = await read();
    const actions = async (filter: object) => (await read(filter)).map(({ action }) => action);
    expect(await actions({ actorId: admin.userId })).toEqual(['MEMBER_REMOVED', 'WORKSPACE_RENAMED']);
    expect(await actions({ actions: ['WORKSPACE_RENAMED', 'WORKSPACE_CREATED'] })).toEqual([
      'WORKSPACE_RENAMED',
      'WORKSPACE_CREATED',
    ]);
    expect(await actions({ actorId: owner.userId, actions: ['WORKSPACE_RENAMED'] })).toEqual([]);
    const { at } = all[3];
    const since = all.filter((entry) => entry.at >= at).map(({ action }) => action);
    expect(await actions({ from: at })).toEqual(since);
    expect(await actions({ until: at })).toEqual(all.map(({ action }) => action).slice(since.length));
  });

  it('refuses a filter that can fit nothing', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    for (const [filter, field] of [
      [{ actions: [] }, 'actions'],
      [{ actorId: 'x' }, 'actorId'],
      [{ from: at, until: at }, 'until'],
    ] as const) {
      const { errors } = await users.call(owner, auditLog, { id: workspaceId, filter });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['filter', field] }] });
    }
  });

  it('pages, each entry once, in a query per level', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { result, queries } = await queriesOf(() =>
        users.call(owner, auditLog, { id: workspaceId, first: 2, after }),
      );
      const { nodes, pageInfo } = result.data.workspace.auditLog;
      seen.push(...nodes.map(({ id }: { id: string }) => id));
      // The viewer's membership, the workspace, the entries, the people they speak of.
      expect(queries).toHaveLength(4);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual((await read()).map(({ id }) => id));
  });

  it('holds nothing of what was refused', async () => {
    const before = await users.written();
    await act(
      guest,
      `mutation { renameWorkspace(input: { id: "${workspaceId}", name: "Mine" }) { workspace { id } } }`,
    );
    expect(await users.written()).toEqual(before);
  });
});
