import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, startFixture } from './fixture.ts';

const changeMemberRole = `mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) {
  member { role user { id } viewerCanRemove viewerCanChangeRoleTo } workspace { id viewerRole }
} }`;
const removeMember =
  'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userId workspace { id viewerRole } } }';
const leaveWorkspace = 'mutation ($input: LeaveWorkspaceInput!) { leaveWorkspace(input: $input) { workspaceId } }';
const transferOwnership = `mutation ($input: TransferOwnershipInput!) { transferOwnership(input: $input) {
  member { role user { id } } workspace { viewerRole viewerCanTransferOwnership }
} }`;
const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';
const membersQuery = `query ($id: ID!, $first: Int, $after: String, $filter: MemberFilter) { workspace(id: $id) {
  members(first: $first, after: $after, filter: $filter) {
    nodes { role user { name } viewerCanRemove viewerCanChangeRoleTo } pageInfo { hasNextPage endCursor }
  }
} }`;

type Somebody = NonNullable<Person> & { email: string; name: string };

const scope = testScope();
let users: Fixture;
let owner: Somebody;
let admin: Somebody;
let member: Somebody;
let guest: Somebody;
let stranger: Somebody;

beforeAll(async () => {
  users = await startFixture(scope);
  [owner, admin, member, guest, stranger] = (await Promise.all(
    ['Olga Öst', 'Adam 100%', 'Mona Adams', 'Gus', 'Stan'].map((name, index) =>
      users.person(name, `p${index}@example.com`),
    ),
  )) as unknown as [Somebody, Somebody, Somebody, Somebody, Somebody];
});

const newTeam = () =>
  users.workspace(owner, [
    { email: admin.email, role: 'ADMIN' },
    { email: member.email, role: 'MEMBER' },
    { email: guest.email, role: 'GUEST' },
  ]);
const roleOf = async (workspaceId: string, { userId }: Somebody): Promise<string | undefined> => {
  const sql = 'select role from membership where workspace_id = $1 and user_id = $2';
  return (await users.pool.query(sql, [workspaceId, userId])).rows[0]?.role;
};
const factsOf = async (workspaceId: string, { userId }: Somebody) => {
  const { rows } = await users.pool.query(
    `select version, data->'membership'->>'role' as role from backbone.event
     where data->'membership'->>'workspaceId' = $1 and data->'membership'->>'userId' = $2 order by version`,
    [workspaceId, userId],
  );
  return rows.map(({ version, role }) => `${version} ${role}`);
};

describe('changeMemberRole', () => {
  it('writes the role and its event; the same again changes nothing', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: member.userId, role: 'ADMIN' };
    const { data, errors } = await users.call(admin, changeMemberRole, { input });
    expect(errors).toBeUndefined();
    expect(data.changeMemberRole).toEqual({
      member: {
        role: 'ADMIN',
        user: { id: member.userId },
        viewerCanRemove: true,
        viewerCanChangeRoleTo: ['MEMBER', 'GUEST'],
      },
      workspace: { id: workspaceId, viewerRole: 'ADMIN' },
    });
    const before = await users.written();
    expect((await users.call(owner, changeMemberRole, { input })).data.changeMemberRole.member.role).toBe('ADMIN');
    expect(await users.written()).toEqual(before);
    expect(await factsOf(workspaceId, member)).toEqual(['1 MEMBER', '2 ADMIN']);
  });

  it('shows what is there afterwards to whoever gives up their own rights', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: admin.userId, role: 'GUEST' };
    const { data } = await users.call(admin, changeMemberRole, { input });
    expect(data.changeMemberRole.workspace.viewerRole).toBe('GUEST');
    expect(data.changeMemberRole.member.viewerCanChangeRoleTo).toEqual([]);
  });

  it('is for owners and admins, and owners are the business of owners', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: member.userId, role: 'GUEST' };
    expect(await users.refused(null, changeMemberRole, input)).toBe('UNAUTHENTICATED');
    expect(await users.refused(stranger, changeMemberRole, input)).toBe('NOT_FOUND');
    for (const viewer of [guest, member])
      expect(await users.refused(viewer, changeMemberRole, input)).toBe('FORBIDDEN');
    expect(await users.refused(admin, changeMemberRole, { ...input, role: 'OWNER' })).toBe('FORBIDDEN');
    expect(await users.refused(admin, changeMemberRole, { ...input, userId: owner.userId })).toBe('FORBIDDEN');
    expect(await users.refused(owner, changeMemberRole, { ...input, userId: stranger.userId })).toBe('NOT_FOUND');
    expect(await users.refused(owner, changeMemberRole, { ...input, workspaceId: newId() })).toBe('NOT_FOUND');
    expect(await users.refused(owner, changeMemberRole, { ...input, userId: 'x' })).toBe('BAD_USER_INPUT input.userId');
  });

  it('leaves an owner, also when two demote each other at once', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: owner.userId, role: 'MEMBER' };
    expect(await users.refused(owner, changeMemberRole, input)).toBe('LAST_OWNER');
    await users.call(owner, changeMemberRole, { input: { workspaceId, userId: admin.userId, role: 'OWNER' } });
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([
        users.call(owner, changeMemberRole, { input: { workspaceId, userId: admin.userId, role: 'MEMBER' } }),
        users.call(admin, changeMemberRole, { input: { workspaceId, userId: owner.userId, role: 'MEMBER' } }),
      ]);
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ok');
      expect(codes.sort()).toEqual(['FORBIDDEN', 'ok']);
      const left = (await roleOf(workspaceId, owner)) === 'OWNER' ? owner : admin;
      const demoted = left === owner ? admin : owner;
      await users.call(left, changeMemberRole, { input: { workspaceId, userId: demoted.userId, role: 'OWNER' } });
    }
  });

  it('leaves an owner when all of several leave at once', async () => {
    const workspaceId = await newTeam();
    const owners = [owner, admin, member, guest];
    for (const { userId } of owners) {
      await users.call(owner, changeMemberRole, { input: { workspaceId, userId, role: 'OWNER' } });
    }
    const answers = await Promise.all(owners.map((one) => users.call(one, leaveWorkspace, { input: { workspaceId } })));
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ok');
    expect(codes.sort()).toEqual(['LAST_OWNER', 'ok', 'ok', 'ok']);
  });
});

describe('removeMember and leaveWorkspace', () => {
  it('end the membership and say so; what is left of it has no role', async () => {
    const workspaceId = await newTeam();
    const { data } = await users.call(admin, removeMember, { input: { workspaceId, userId: member.userId } });
    expect(data.removeMember).toEqual({ userId: member.userId, workspace: { id: workspaceId, viewerRole: 'ADMIN' } });
    expect((await users.call(guest, leaveWorkspace, { input: { workspaceId } })).data.leaveWorkspace).toEqual({
      workspaceId,
    });
    for (const gone of [member, guest]) {
      expect(await roleOf(workspaceId, gone)).toBeUndefined();
      expect((await factsOf(workspaceId, gone)).at(-1)).toBe('2 null');
      expect(await users.refused(gone, leaveWorkspace, { workspaceId })).toBe('NOT_FOUND');
      const seen = await users.call(gone, membersQuery, { id: workspaceId });
      expect(seen.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
    expect(await users.refused(admin, removeMember, { workspaceId, userId: member.userId })).toBe('NOT_FOUND');
  });

  it('let somebody come back with versions that go on', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: member.userId };
    for (let round = 0; round < 2; round++) {
      await users.call(owner, removeMember, { input });
      await users.call(owner, addMember, { input: { workspaceId, email: member.email, role: 'GUEST' } });
    }
    expect(await factsOf(workspaceId, member)).toEqual(['1 MEMBER', '2 null', '3 GUEST', '4 null', '5 GUEST']);
    expect(await roleOf(workspaceId, member)).toBe('GUEST');
    const { rows } = await users.pool.query('select * from ended_membership where user_id = $1 and workspace_id = $2', [
      member.userId,
      workspaceId,
    ]);
    expect(rows).toEqual([]);
  });

  it('answer null for the workspace to whoever removes themselves', async () => {
    const workspaceId = await newTeam();
    const { data, errors } = await users.call(admin, removeMember, { input: { workspaceId, userId: admin.userId } });
    expect(errors).toBeUndefined();
    expect(data.removeMember).toEqual({ userId: admin.userId, workspace: null });
  });

  it('are refused for the last owner and without the right', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: owner.userId };
    expect(await users.refused(owner, leaveWorkspace, { workspaceId })).toBe('LAST_OWNER');
    expect(await users.refused(owner, removeMember, input)).toBe('LAST_OWNER');
    for (const viewer of [admin, member, guest])
      expect(await users.refused(viewer, removeMember, input)).toBe('FORBIDDEN');
    expect(await users.refused(stranger, removeMember, input)).toBe('NOT_FOUND');
    expect(await users.refused(null, removeMember, input)).toBe('UNAUTHENTICATED');
    expect(await users.refused(null, leaveWorkspace, { workspaceId })).toBe('UNAUTHENTICATED');
  });
});

describe('transferOwnership', () => {
  it('makes the other an owner and the viewer an admin, at once', async () => {
    const workspaceId = await newTeam();
    const { data } = await users.call(owner, transferOwnership, { input: { workspaceId, userId: guest.userId } });
    expect(data.transferOwnership).toEqual({
      member: { role: 'OWNER', user: { id: guest.userId } },
      workspace: { viewerRole: 'ADMIN', viewerCanTransferOwnership: false },
    });
    expect(await factsOf(workspaceId, guest)).toEqual(['1 GUEST', '2 OWNER']);
    expect(await factsOf(workspaceId, owner)).toEqual(['1 OWNER', '2 ADMIN']);
    expect(await users.refused(owner, transferOwnership, { workspaceId, userId: admin.userId })).toBe('FORBIDDEN');
  });

  it('is for owners, to another member', async () => {
    const workspaceId = await newTeam();
    const input = { workspaceId, userId: member.userId };
    for (const viewer of [admin, member, guest].filter((one) => one !== member)) {
      expect(await users.refused(viewer, transferOwnership, input)).toBe('FORBIDDEN');
    }
    expect(await users.refused(stranger, transferOwnership, input)).toBe('NOT_FOUND');
    expect(await users.refused(owner, transferOwnership, { ...input, userId: stranger.userId })).toBe('NOT_FOUND');
    expect(await users.refused(owner, transferOwnership, { ...input, userId: owner.userId })).toBe(
      'BAD_USER_INPUT input.userId',
    );
  });
});

describe('members', () => {
  const names = async (workspaceId: string, filter: object, viewer: Somebody = guest) => {
    const { data, errors } = await users.call(viewer, membersQuery, { id: workspaceId, filter });
    expect(errors).toBeUndefined();
    return data.workspace.members.nodes.map((node: { user: { name: string } }) => node.user.name);
  };

  it('are found by what a word of the name begins with, and by role', async () => {
    const workspaceId = await newTeam();
    expect(await names(workspaceId, { name: 'ADA' })).toEqual(['Adam 100%', 'Mona Adams']);
    expect(await names(workspaceId, { name: 'ö' })).toEqual(['Olga Öst']);
    expect(await names(workspaceId, { name: '100%' })).toEqual(['Adam 100%']);
    expect(await names(workspaceId, { name: '%' })).toEqual([]);
    expect(await names(workspaceId, { name: 'o_ga' })).toEqual([]);
    expect(await names(workspaceId, { name: 'dams' })).toEqual([]);
    expect(await names(workspaceId, { roles: ['OWNER', 'GUEST'] })).toEqual(['Olga Öst', 'Gus']);
    expect(await names(workspaceId, { name: 'a', roles: ['MEMBER'] })).toEqual(['Mona Adams']);
    // Nobody's address is anybody else's to find people by.
    expect(await names(workspaceId, { name: 'p1@example.com' }, owner)).toEqual([]);
  });

  it('page under a filter, and refuse a filter that is none', async () => {
    const workspaceId = await newTeam();
    const filter = { name: 'a' };
    const first = await users.call(guest, membersQuery, { id: workspaceId, filter, first: 1 });
    const { endCursor, hasNextPage } = first.data.workspace.members.pageInfo;
    expect(hasNextPage).toBe(true);
    const second = await users.call(guest, membersQuery, { id: workspaceId, filter, first: 1, after: endCursor });
    expect(second.data.workspace.members.nodes[0].user.name).toBe('Mona Adams');
    for (const wrong of [{ name: '' }, { roles: [] }]) {
      const { errors } = await users.call(guest, membersQuery, { id: workspaceId, filter: wrong });
      const fields = [{ path: ['filter', Object.keys(wrong)[0]] }];
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields });
    }
  });

  it('say what the viewer may do to each, in a query per level', async () => {
    const workspaceId = await newTeam();
    const { result, queries } = await queriesOf(() => users.call(admin, membersQuery, { id: workspaceId }));
    expect(result.data.workspace.members.nodes).toMatchObject([
      { role: 'OWNER', viewerCanRemove: false, viewerCanChangeRoleTo: [] },
      { role: 'ADMIN', viewerCanRemove: true, viewerCanChangeRoleTo: ['MEMBER', 'GUEST'] },
      { role: 'MEMBER', viewerCanRemove: true, viewerCanChangeRoleTo: ['ADMIN', 'GUEST'] },
      { role: 'GUEST', viewerCanRemove: true, viewerCanChangeRoleTo: ['ADMIN', 'MEMBER'] },
    ]);
    // The viewer's membership, the workspace, its members, their accounts.
    expect(queries).toHaveLength(4);
    const own = await users.call(owner, membersQuery, { id: workspaceId, filter: { roles: ['OWNER'] } });
    expect(own.data.workspace.members.nodes).toMatchObject([{ viewerCanRemove: false, viewerCanChangeRoleTo: [] }]);
  });
});
