import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const createWorkspace = `mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) {
  workspace { id name createdAt viewerRole viewerCanAddMembers }
} }`;
const addMember = `mutation ($input: AddMemberInput!) { addMember(input: $input) {
  member { role joinedAt user { id name email } } workspace { id }
} }`;
const workspaceQuery = `query ($id: ID!, $first: Int, $after: String) { workspace(id: $id) {
  id name viewerRole viewerCanAddMembers
  members(first: $first, after: $after) { nodes { role user { id name email createdAt workspaces { nodes { id } } } } edges { cursor } pageInfo {
    hasNextPage hasPreviousPage startCursor endCursor
  } }
} }`;

type Somebody = Awaited<ReturnType<Fixture['person']>>;

const scope = testScope();
let users: Fixture;
let owner: Somebody;
let admin: Somebody;
let member: Somebody;
let guest: Somebody;
let stranger: Somebody;
let workspaceId: string;

beforeAll(async () => {
  users = await startFixture(scope);
  [owner, admin, member, guest, stranger] = (await Promise.all(
    ['Olga', 'Adam', 'Mona', 'Gus', 'Stan'].map((name) => users.person(name)),
  )) as [Somebody, Somebody, Somebody, Somebody, Somebody];
  workspaceId = await users.workspace(owner, [
    { email: admin.email, role: 'ADMIN' },
    { email: member.email, role: 'MEMBER' },
    { email: guest.email, role: 'GUEST' },
  ]);
});

describe('createWorkspace', () => {
  it('writes the workspace, its owner and both events at once', async () => {
    const { data, errors } = await users.call(stranger, createWorkspace, { input: { name: ' Lab ' } });
    expect(errors).toBeUndefined();
    const { workspace } = data.createWorkspace;
    expect(workspace).toMatchObject({ name: 'Lab', viewerRole: 'OWNER', viewerCanAddMembers: true });
    expect(await users.events(workspace.id)).toEqual([
      {
        type: 'users.workspace.created.v1',
        version: 1,
        actor_id: stranger.userId,
        data: { workspace: { id: workspace.id, name: 'Lab' } },
      },
    ]);
    const { rows } = await users.pool.query('select * from membership where workspace_id = $1', [workspace.id]);
    expect(rows).toMatchObject([{ user_id: stranger.userId, role: 'OWNER', version: 1 }]);
    expect(await users.events(rows[0].id)).toEqual([
      {
        type: 'users.membership.changed.v1',
        version: 1,
        actor_id: stranger.userId,
        data: { membership: { workspaceId: workspace.id, userId: stranger.userId, role: 'OWNER' } },
      },
    ]);
  });

  it('with a client id is safe to repeat, at once and later', async () => {
    const input = { id: newId(), name: 'Lab' };
    const answers = await Promise.all([1, 2, 3].map(() => users.call(stranger, createWorkspace, { input })));
    const before = await users.written();
    answers.push(await users.call(stranger, createWorkspace, { input }));
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data).toEqual(answers[0]?.data);
    }
    expect(await users.written()).toEqual(before);
  });

  it('with a taken id is ID_TAKEN for other input and for others', async () => {
    const input = { id: newId(), name: 'Lab' };
    await users.call(stranger, createWorkspace, { input });
    expect(await users.refused(stranger, createWorkspace, { ...input, name: 'Other' })).toBe('ID_TAKEN');
    expect(await users.refused(member, createWorkspace, input)).toBe('ID_TAKEN');
    expect(await users.refused(member, createWorkspace, { ...input, id: workspaceId })).toBe('ID_TAKEN');
  });

  it('with a client id is NOT_FOUND to a retry of somebody who is no longer a member', async () => {
    const input = { id: newId(), name: 'Left' };
    await users.call(stranger, createWorkspace, { input });
    await users.pool.query('delete from membership where workspace_id = $1', [input.id]);
    expect(await users.refused(stranger, createWorkspace, input)).toBe('NOT_FOUND');
    expect(await users.refused(stranger, createWorkspace, { ...input, name: 'Other' })).toBe('ID_TAKEN');
  });

  it('refuses nobody, and what is no name', async () => {
    expect(await users.refused(null, createWorkspace, { name: 'Lab' })).toBe('UNAUTHENTICATED');
    expect(await users.refused(owner, createWorkspace, { name: '' })).toBe('BAD_USER_INPUT input.name');
    expect(await users.refused(owner, createWorkspace, { name: 'x'.repeat(81) })).toBe('BAD_USER_INPUT input.name');
    expect(await users.refused(owner, createWorkspace, { name: 'a\nb' })).toBe('BAD_USER_INPUT input.name');
  });
});

describe('addMember', () => {
  it('writes the membership and its event; the same again changes nothing', async () => {
    const nina = await users.person('Nina');
    await users.verify(nina.email);
    const input = { workspaceId, email: ` ${nina.email.toUpperCase()}`, role: 'MEMBER' };
    const first = await users.call(admin, addMember, { input });
    expect(first.errors).toBeUndefined();
    expect(first.data.addMember).toMatchObject({
      member: { role: 'MEMBER', user: { id: nina.userId, name: 'Nina', email: null } },
      workspace: { id: workspaceId },
    });
    const { rows } = await users.pool.query('select id from membership where user_id = $1', [nina.userId]);
    expect(await users.events(rows[0].id)).toEqual([
      {
        type: 'users.membership.changed.v1',
        version: 1,
        actor_id: admin.userId,
        data: { membership: { workspaceId, userId: nina.userId, role: 'MEMBER' } },
      },
    ]);
    const before = await users.written();
    expect((await users.call(owner, addMember, { input })).data).toEqual(first.data);
    expect(await users.written()).toEqual(before);
    expect(await users.refused(owner, addMember, { ...input, role: 'ADMIN' })).toBe('ALREADY_MEMBER');
  });

  it('adds once when many add the same person at once', async () => {
    const nils = await users.person('Nils');
    await users.verify(nils.email);
    const input = { workspaceId, email: nils.email };
    const answers = await Promise.all(Array.from({ length: 6 }, () => users.call(owner, addMember, { input })));
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data).toEqual(answers[0]?.data);
    }
    const { rows } = await users.pool.query(
      `select count(*)::int from backbone.event where data->'membership'->>'userId' = $1`,
      [nils.userId],
    );
    expect(rows[0].count).toBe(1);
  });

  it('is for owners and admins, and only owners make owners', async () => {
    const input = { workspaceId, email: stranger.email };
    expect(await users.refused(null, addMember, input)).toBe('UNAUTHENTICATED');
    expect(await users.refused(stranger, addMember, input)).toBe('NOT_FOUND');
    expect(await users.refused(guest, addMember, input)).toBe('FORBIDDEN');
    expect(await users.refused(member, addMember, input)).toBe('FORBIDDEN');
    expect(await users.refused(admin, addMember, { ...input, role: 'OWNER' })).toBe('FORBIDDEN');
    const nora = await users.person('Nora');
    await users.verify(nora.email);
    const { data } = await users.call(owner, addMember, { input: { workspaceId, email: nora.email, role: 'OWNER' } });
    expect(data.addMember.member.role).toBe('OWNER');
  });

  it('refuses bad input with the paths of its fields', async () => {
    const input = { workspaceId, email: 'nobody@example.com' };
    expect(await users.refused(owner, addMember, input)).toBe('BAD_USER_INPUT input.email');
    expect(await users.refused(owner, addMember, { ...input, email: 'x' })).toBe('BAD_USER_INPUT input.email');
    expect(await users.refused(owner, addMember, { ...input, workspaceId: 'x' })).toBe(
      'BAD_USER_INPUT input.workspaceId',
    );
    expect(await users.refused(owner, addMember, { ...input, workspaceId: newId() })).toBe('NOT_FOUND');
    expect(await users.refused(owner, addMember, { ...input, role: 'KING' })).toMatch(/^BAD_USER_INPUT input\.role/);
  });

  it('lets nobody in by an address that they have not verified: it may be somebody else’s', async () => {
    const boss = await users.person('Boss');
    const input = { workspaceId, email: boss.email, role: 'ADMIN' };
    const answers = [input, { ...input, email: 'nobody@example.com' }].map((one) =>
      users.call(owner, addMember, { input: one }),
    );
    const [unverified, unknown] = await Promise.all(answers);
    expect(unverified?.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    // Nor does it tell which it is.
    expect(unverified).toEqual(unknown);
    expect(await users.refused(owner, addMember, input)).toBe('BAD_USER_INPUT input.email');
    await users.verify(boss.email);
    expect((await users.call(owner, addMember, { input })).data.addMember.member.role).toBe('ADMIN');
  });

  it('tells strangers nothing about whom they name', async () => {
    const known = await users.call(stranger, addMember, { input: { workspaceId, email: member.email } });
    const unknown = await users.call(stranger, addMember, { input: { workspaceId, email: 'nobody@example.com' } });
    expect(known).toEqual(unknown);
  });
});

describe('workspace', () => {
  it('shows its members to its members, without what is theirs alone', async () => {
    const { data, errors } = await users.call(guest, workspaceQuery, { id: workspaceId.toUpperCase(), first: 4 });
    expect(errors).toBeUndefined();
    expect(data.workspace).toMatchObject({ id: workspaceId, viewerRole: 'GUEST', viewerCanAddMembers: false });
    expect(data.workspace.members.nodes).toEqual([
      ...[owner, admin, member].map(({ userId, name }, index) => ({
        role: ['OWNER', 'ADMIN', 'MEMBER'][index],
        user: { id: userId, name, email: null, createdAt: null, workspaces: null },
      })),
      {
        role: 'GUEST',
        user: {
          id: guest.userId,
          name: 'Gus',
          email: guest.email,
          createdAt: expect.any(String),
          workspaces: { nodes: [{ id: workspaceId }] },
        },
      },
    ]);
  });

  it('pages through its members, each once and in order', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { data } = await users.call(owner, workspaceQuery, { id: workspaceId, first: 2, after });
      const { nodes, pageInfo } = data.workspace.members;
      seen.push(...nodes.map((node: { user: { id: string } }) => node.user.id));
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    const { rows } = await users.pool.query(
      'select user_id from membership where workspace_id = $1 order by joined_at, id',
      [workspaceId],
    );
    expect(seen).toEqual(rows.map((row) => row.user_id));
  });

  it('is NOT_FOUND for strangers as for what does not exist, and null', async () => {
    const answers = await Promise.all([workspaceId, newId()].map((id) => users.call(stranger, workspaceQuery, { id })));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.data).toEqual({ workspace: null });
    expect(answers[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an id that is none', { id: 'x' }, 'id'],
    ['first: 0', { first: 0 }, 'first'],
    ['first: 101', { first: 101 }, 'first'],
    ['a cursor that is none', { after: 'x' }, 'after'],
    ['a forged cursor', { after: Buffer.from('["memberships +joinedAt +id","x","y"]').toString('base64url') }, 'after'],
    ['a cursor of another list', { after: Buffer.from('["tasks -number","1"]').toString('base64url') }, 'after'],
  ])('refuses %s', async (_name, variables, field) => {
    const { errors } = await users.call(owner, workspaceQuery, { id: workspaceId, ...variables });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: [field] }] });
  });

  it('asks Postgres once per level, however many there are', async () => {
    const query = `query ($id: ID!) { workspace(id: $id) { viewerRole members { nodes { role user { id name } } } } }`;
    const { queries } = await queriesOf(() => users.call(owner, query, { id: workspaceId }));
    // The viewer's membership, the workspace, its members, their accounts.
    expect(queries).toHaveLength(4);
  });

  it("asks Postgres once per level for the viewer's own workspaces", async () => {
    await users.workspace(admin);
    await users.workspace(admin, [{ email: owner.email, role: 'GUEST' }]);
    const query = '{ me { workspaces { nodes { id viewerRole members(first: 3) { nodes { user { name } } } } } } }';
    const { result, queries } = await queriesOf(() => users.call(admin, query));
    expect(result.errors).toBeUndefined();
    expect(result.data.me.workspaces.nodes).toHaveLength(3);
    // The account, its memberships, the workspaces, their members, those members' accounts.
    expect(queries).toHaveLength(5);
  });
});
