import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, startFixture } from './fixture.ts';

const can = `viewerCanRename viewerCanArchive viewerCanRestore viewerCanAddMembers viewerCanGrant viewerCanLeave
  viewerCanTransferOwnership viewerCanSeeAuditLog`;
const mutation = (name: string) => {
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  return `mutation ($input: ${input}) { ${name}(input: $input) { workspace { id name archivedAt ${can} } } }`;
};
const rename = mutation('renameWorkspace');
const archive = mutation('archiveWorkspace');
const restore = mutation('restoreWorkspace');
const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';
const changeRole = 'mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { member { role } } }';
const transfer = 'mutation ($input: TransferOwnershipInput!) { transferOwnership(input: $input) { member { role } } }';
const remove = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }';
const leave = 'mutation ($input: LeaveWorkspaceInput!) { leaveWorkspace(input: $input) { workspaceId } }';

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
    ['Olga', 'Adam', 'Mona', 'Gus', 'Stan'].map((name) => users.person(name)),
  )) as unknown as [Somebody, Somebody, Somebody, Somebody, Somebody];
});

const newTeam = () =>
  users.workspace(owner, [
    { email: admin.email, role: 'ADMIN' },
    { email: member.email, role: 'MEMBER' },
    { email: guest.email, role: 'GUEST' },
  ]);

const factsOf = async (id: string) =>
  (await users.events(id)).map(({ type, version, data }) => ({ type, version, ...data.workspace }));

describe('renameWorkspace', () => {
  it('writes the name and its event; the same name changes nothing', async () => {
    const id = await newTeam();
    const { data, errors } = await users.call(admin, rename, { input: { id, name: ' Lab ' } });
    expect(errors).toBeUndefined();
    expect(data.renameWorkspace.workspace).toMatchObject({ id, name: 'Lab', archivedAt: null });
    const before = await users.written();
    await users.call(owner, rename, { input: { id, name: 'Lab' } });
    expect(await users.written()).toEqual(before);
    expect((await factsOf(id)).at(-1)).toEqual({
      ...{ type: 'users.workspace.changed.v1', version: 2, id, name: 'Lab', archived: false },
    });
  });

  it('is for owners and admins', async () => {
    const input = { id: await newTeam(), name: 'Lab' };
    expect(await users.refused(null, rename, input)).toBe('UNAUTHENTICATED');
    expect(await users.refused(stranger, rename, input)).toBe('NOT_FOUND');
    expect(await users.refused(owner, rename, { ...input, id: newId() })).toBe('NOT_FOUND');
    for (const viewer of [member, guest]) expect(await users.refused(viewer, rename, input)).toBe('FORBIDDEN');
    expect(await users.refused(owner, rename, { ...input, name: ' ' })).toBe('BAD_USER_INPUT input.name');
    expect(await users.refused(owner, rename, { ...input, id: 'x' })).toBe('BAD_USER_INPUT input.id');
  });
});

describe('archiveWorkspace and restoreWorkspace', () => {
  it('write when it was archived, and that it is in use again; each twice is once', async () => {
    const id = await newTeam();
    const { data } = await users.call(owner, archive, { input: { id } });
    expect(data.archiveWorkspace.workspace).toMatchObject({
      ...{ archivedAt: expect.any(String), viewerCanRename: false, viewerCanArchive: false, viewerCanRestore: true },
      ...{ viewerCanAddMembers: false, viewerCanGrant: [], viewerCanTransferOwnership: false },
      ...{ viewerCanLeave: false, viewerCanSeeAuditLog: true },
    });
    const before = await users.written();
    const again = await users.call(owner, archive, { input: { id } });
    expect(again.data.archiveWorkspace.workspace).toEqual(data.archiveWorkspace.workspace);
    expect(await users.written()).toEqual(before);
    for (let round = 0; round < 2; round++) {
      const restored = await users.call(owner, restore, { input: { id } });
      expect(restored.data.restoreWorkspace.workspace).toMatchObject({
        ...{ archivedAt: null, viewerCanArchive: true, viewerCanRestore: false, viewerCanRename: true },
        ...{ viewerCanGrant: ['OWNER', 'ADMIN', 'MEMBER', 'GUEST'] },
      });
    }
    expect((await factsOf(id)).slice(1)).toMatchObject([
      { version: 2, archived: true },
      { version: 3, archived: false },
    ]);
  });

  it('are for owners', async () => {
    const input = { id: await newTeam() };
    for (const wanted of [archive, restore]) {
      expect(await users.refused(null, wanted, input)).toBe('UNAUTHENTICATED');
      expect(await users.refused(stranger, wanted, input)).toBe('NOT_FOUND');
      for (const viewer of [admin, member, guest]) expect(await users.refused(viewer, wanted, input)).toBe('FORBIDDEN');
    }
  });

  it('let nobody in, nor change what anybody is, but let members go', async () => {
    const workspaceId = await newTeam();
    await users.call(owner, archive, { input: { id: workspaceId } });
    await users.verify(stranger.email);
    const code = 'WORKSPACE_ARCHIVED';
    expect(await users.refused(owner, rename, { id: workspaceId, name: 'Lab' })).toBe(code);
    expect(await users.refused(owner, addMember, { workspaceId, email: stranger.email })).toBe(code);
    const role = { workspaceId, userId: member.userId, role: 'ADMIN' };
    expect(await users.refused(owner, changeRole, role)).toBe(code);
    expect(await users.refused(owner, transfer, { workspaceId, userId: member.userId })).toBe(code);
    for (const [viewer, wanted, input] of [
      [owner, remove, { workspaceId, userId: member.userId }],
      [guest, leave, { workspaceId }],
    ] as const) {
      expect((await users.call(viewer, wanted, { input })).errors).toBeUndefined();
    }
  });

  it('sort the workspaces of a person', async () => {
    const nina = await users.person('Nina');
    const [used, put] = [await users.workspace(nina), await users.workspace(nina)];
    await users.call(nina, archive, { input: { id: put } });
    const query = 'query ($filter: WorkspaceFilter) { me { workspaces(filter: $filter) { nodes { id } } } }';
    const ids = async (filter: object | null) =>
      (await users.call(nina, query, { filter })).data.me.workspaces.nodes.map(({ id }: { id: string }) => id);
    expect(await ids({ archived: false })).toEqual([used]);
    expect(await ids({ archived: true })).toEqual([put]);
    expect(await ids(null)).toEqual([used, put]);
    expect(await ids({})).toEqual([used, put]);
  });
});
