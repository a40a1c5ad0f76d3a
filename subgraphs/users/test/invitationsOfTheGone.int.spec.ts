import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newPerson = (name = 'Ada') => users.person(name, `gone${++counter}@example.com`);
type Person = Awaited<ReturnType<typeof newPerson>>;

beforeAll(async () => {
  users = await startFixture(scope);
});

const mutation = (name: string, selection: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;
const makeLink = mutation('createInvitationLink', 'invitation { id token }');
const invite = mutation('inviteMember', 'invitation { id }');
const resend = mutation('resendInvitation', 'invitation { id }');
const accept = mutation('acceptInvitation', 'member { role }');
const list = 'query ($id: ID!) { workspace(id: $id) { invitations { nodes { role state } } } }';
const preview = 'query ($token: String!) { invitation(token: $token) { state viewerCanAccept } }';

async function must(viewer: Person, name: string, selection: string, input: object) {
  const { data, errors } = await users.call(viewer, mutation(name, selection), { input });
  expect(errors).toBeUndefined();
  return data[name];
}

/** A workspace with two owners, of whom one has made a link for admins and one for guests, and invited an owner by e-mail. */
async function place() {
  const [owner, inviter, addressee] = [await newPerson('Olga'), await newPerson('Ida'), await newPerson('Adele')];
  const workspaceId = await users.workspace(owner, [{ email: inviter.email, role: 'OWNER' }]);
  const tokens: Record<string, string> = {};
  for (const role of ['ADMIN', 'GUEST']) {
    const { data } = await users.call(inviter, makeLink, { input: { workspaceId, role, maxUses: 5 } });
    tokens[role] = data.createInvitationLink.invitation.token;
  }
  const { data } = await users.call(inviter, invite, {
    input: { workspaceId, email: addressee.email, role: 'OWNER' },
  });
  const letter = (await users.letters('INVITATION')).find((one) => one?.to.address === addressee.email);
  tokens.OWNER = letter.link.path.split('#')[1];
  return { owner, inviter, addressee, workspaceId, tokens, invitationId: data.inviteMember.invitation.id as string };
}
type Place = Awaited<ReturnType<typeof place>>;

/** Who comes in by each of the three now: the role, or why not. */
async function outcomes({ tokens, addressee }: Place): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [role, token] of Object.entries(tokens)) {
    const person = role === 'OWNER' ? addressee : await newPerson();
    const before = (await users.call(person, preview, { token })).data.invitation;
    const { data, errors } = await users.call(person, accept, { input: { token } });
    found[role] = data?.acceptInvitation.member.role ?? errors?.[0]?.extensions.code;
    expect([role, before.viewerCanAccept]).toEqual([role, !errors]);
  }
  return found;
}

const roleOf = (role: string) => async (p: Place) => {
  const { owner, inviter, workspaceId } = p;
  await must(owner, 'changeMemberRole', 'member { role }', { workspaceId, userId: inviter.userId, role });
};
const none = { ADMIN: 'INVITATION_REVOKED', GUEST: 'INVITATION_REVOKED', OWNER: 'INVITATION_REVOKED' };
const noOwner = { ADMIN: 'ADMIN', GUEST: 'GUEST', OWNER: 'INVITATION_REVOKED' };

const ways: [string, (p: Place) => Promise<unknown>, Record<string, string>][] = [
  [
    'is removed',
    ({ owner, inviter, workspaceId }) => must(owner, 'removeMember', 'userId', { workspaceId, userId: inviter.userId }),
    none,
  ],
  ['leaves', ({ inviter, workspaceId }) => must(inviter, 'leaveWorkspace', 'workspaceId', { workspaceId }), none],
  ['is made a member', roleOf('MEMBER'), none],
  ['is made an admin', roleOf('ADMIN'), noOwner],
  [
    'hands the workspace over',
    ({ owner, inviter, workspaceId }) =>
      must(inviter, 'transferOwnership', 'member { role }', { workspaceId, userId: owner.userId }),
    noOwner,
  ],
  ['deletes their account', ({ inviter }) => must(inviter, 'deleteAccount', 'userId', { password }), none],
  ['stays what they are', roleOf('OWNER'), { ADMIN: 'ADMIN', GUEST: 'GUEST', OWNER: 'OWNER' }],
];

describe('what somebody has invited people to', () => {
  it.each(ways)('when they cannot any more: who %s', async (_name, happen, expected) => {
    const there = await place();
    await happen(there);
    const { data } = await users.call(there.owner, list, { id: there.workspaceId });
    const states = Object.fromEntries(
      data.workspace.invitations.nodes.map(({ role, state }: Record<string, string>) => [role, state]),
    );
    const open = (role: string) => (expected[role] === 'INVITATION_REVOKED' ? 'REVOKED' : 'PENDING');
    expect(states).toEqual({ ADMIN: open('ADMIN'), GUEST: open('GUEST'), OWNER: open('OWNER') });
    expect(await outcomes(there)).toEqual(expected);
  });

  it('stays revoked when they come back, and others can invite the same person', async () => {
    const there = await place();
    const { owner, inviter, addressee, workspaceId, invitationId } = there;
    await must(owner, 'removeMember', 'userId', { workspaceId, userId: inviter.userId });
    await must(owner, 'addMember', 'member { role }', { workspaceId, email: inviter.email, role: 'OWNER' });
    expect(await outcomes(there)).toEqual(none);
    expect(await users.refused(owner, resend, { id: invitationId })).toBe('INVITATION_REVOKED');
    const { data } = await users.call(owner, invite, { input: { workspaceId, email: addressee.email, role: 'OWNER' } });
    expect(data.inviteMember.invitation.id).not.toBe(invitationId);
  });

  it('opens nothing even if it was not revoked, as by a version that did not', async () => {
    const there = await place();
    const { owner, inviter, workspaceId } = there;
    await must(owner, 'removeMember', 'userId', { workspaceId, userId: inviter.userId });
    await users.pool.query('update invitation set end_reason = null, ended_at = null where workspace_id = $1', [
      workspaceId,
    ]);
    expect(await outcomes(there)).toEqual(none);
  });
});
