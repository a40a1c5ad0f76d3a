import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, startFixture } from './fixture.ts';

const fields = 'id email role state maxUses uses expiresAt token viewerCanRevoke viewerCanResend inviter { name }';
const mutation = (name: string, selection = `invitation { ${fields} }`) => {
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  return `mutation ($input: ${input}) { ${name}(input: $input) { ${selection} } }`;
};
const invite = mutation('inviteMember');
const makeLink = mutation('createInvitationLink');
const resend = mutation('resendInvitation');
const revoke = mutation('revokeInvitation');
const accept = mutation('acceptInvitation', 'member { role user { id } } workspace { id viewerRole }');
const decline = mutation('declineInvitation', 'workspaceName');
const remove = mutation('removeMember', 'userId');
const archive = mutation('archiveWorkspace', 'workspace { id }');
const preview = `query ($token: String!) { invitation(token: $token) {
  workspaceName inviterName role email state viewerCanAccept
} }`;

type Somebody = NonNullable<Person> & { email: string; name: string };

const scope = testScope();
let users: Fixture;
let owner: Somebody;
let admin: Somebody;
let member: Somebody;
let stranger: Somebody;
let workspaceId: string;
let counter = 0;

beforeAll(async () => {
  users = await startFixture(scope);
  [owner, admin, member, stranger] = (await Promise.all(
    ['Olga', 'Adam', 'Mona', 'Stan'].map((name) => users.person(name)),
  )) as unknown as [Somebody, Somebody, Somebody, Somebody];
  workspaceId = await newTeam();
});

const newTeam = () =>
  users.workspace(owner, [
    { email: admin.email, role: 'ADMIN' },
    { email: member.email, role: 'MEMBER' },
  ]);
const newPerson = () => users.person(`Person${++counter}`);

/** What notifications is told when it asks for the letter. */
async function letterOf(invitationId: string, issue = 1) {
  const keys = parseCallKeys(undefined, false);
  const client = createGuardedClient({ url: users.url, caller: 'notifications', callee: 'users', keys });
  const question = { kind: 'INVITATION', subjectId: invitationId, issue };
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  const { letter } = (await client.call('/internal/letter', question, z.any())) as any;
  await client.close();
  return letter;
}
const tokenIn = (letter: { link: { path: string } }) => letter.link.path.split('#')[1] as string;

async function invited(email: string, role = 'MEMBER', to = workspaceId) {
  const { data, errors } = await users.call(owner, invite, { input: { workspaceId: to, email, role } });
  expect(errors).toBeUndefined();
  const { id } = data.inviteMember.invitation;
  return { id: id as string, token: tokenIn(await letterOf(id)) };
}
async function linked(input: object, viewer = owner) {
  const { data, errors } = await users.call(viewer, makeLink, { input: { workspaceId, maxUses: 5, ...input } });
  expect(errors).toBeUndefined();
  return data.createInvitationLink.invitation as { id: string; token: string };
}
const expire = (id: string) =>
  users.pool.query(`update invitation set expires_at = now() - interval '1 second' where id = $1`, [id]);

describe('an invitation by e-mail', () => {
  it('brings the account with that address in, with the role', async () => {
    const nina = await newPerson();
    const before = await users.written();
    const answer = await users.call(admin, invite, {
      input: { workspaceId, email: ` ${nina.email.toUpperCase()} `, role: 'GUEST' },
    });
    expect(answer.data.inviteMember.invitation).toMatchObject({
      ...{ email: nina.email, role: 'GUEST', state: 'PENDING', maxUses: 1, uses: 0, inviter: { name: 'Adam' } },
      // Only the e-mail has it.
      ...{ token: null, viewerCanRevoke: true, viewerCanResend: true },
    });
    const { id } = answer.data.inviteMember.invitation;
    const after = await users.written();
    expect(after.events).toBe((before.events as number) + 1);
    const letter = await letterOf(id);
    expect(letter).toMatchObject({ to: { name: '', address: nina.email }, subject: 'You are invited to Acme' });
    const { data } = await users.call(nina, accept, { input: { token: tokenIn(letter) } });
    expect((await users.call(nina, '{ me { emailVerified } }')).data.me.emailVerified).toBe(true);
    expect(data.acceptInvitation).toEqual({
      member: { role: 'GUEST', user: { id: nina.userId } },
      workspace: { id: workspaceId, viewerRole: 'GUEST' },
    });
    const { rows } = await users.pool.query(
      `select actor_id, data from backbone.event where data->'membership'->>'userId' = $1`,
      [nina.userId],
    );
    expect(rows).toEqual([
      { actor_id: nina.userId, data: { membership: { workspaceId, userId: nina.userId, role: 'GUEST' } } },
    ]);
    // It says no more in any event than that there is a letter.
    const said = await users.pool.query(`select data from backbone.event where type = 'users.letter.due.v1'`);
    expect(JSON.stringify(said.rows)).not.toContain(nina.email);
  });

  it('once: the same again, while it is open, sends nothing', async () => {
    const input = { workspaceId, email: 'once@example.com' };
    const first = await users.call(owner, invite, { input });
    const before = await users.written();
    const again = await users.call(admin, invite, { input });
    expect(again.data.inviteMember.invitation.id).toBe(first.data.inviteMember.invitation.id);
    expect(await users.written()).toEqual(before);
    expect(await users.refused(owner, invite, { ...input, role: 'ADMIN' })).toBe('ALREADY_INVITED');
    expect(await users.refused(owner, invite, { ...input, email: member.email })).toBe('ALREADY_MEMBER');
  });

  it('is refused to another address, and twice', async () => {
    const nina = await newPerson();
    const { token } = await invited(nina.email);
    expect(await users.refused(stranger, accept, { token })).toBe('INVITATION_FOR_ANOTHER');
    expect(await users.refused(stranger, decline, { token })).toBe('INVITATION_FOR_ANOTHER');
    expect(await users.refused(null, accept, { token })).toBe('UNAUTHENTICATED');
    expect((await users.call(nina, accept, { input: { token } })).errors).toBeUndefined();
    expect(await users.refused(nina, accept, { token })).toBe('INVITATION_USED');
  });

  it('is used once when it is accepted many times at once', async () => {
    const nina = await newPerson();
    const { token } = await invited(nina.email);
    const answers = await Promise.all([1, 2, 3, 4].map(() => users.call(nina, accept, { input: { token } })));
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ok').sort();
    expect(codes).toEqual(['INVITATION_USED', 'INVITATION_USED', 'INVITATION_USED', 'ok']);
  });

  it('is refused expired, revoked, declined, and to an archived workspace, each with its code', async () => {
    const nina = await newPerson();
    const expired = await invited(nina.email);
    await expire(expired.id);
    expect(await users.refused(nina, accept, { token: expired.token })).toBe('INVITATION_EXPIRED');

    const revoked = await invited(nina.email);
    for (let round = 0; round < 2; round++) {
      const { data } = await users.call(admin, revoke, { input: { id: revoked.id } });
      expect(data.revokeInvitation.invitation).toMatchObject({ state: 'REVOKED', viewerCanRevoke: false });
    }
    expect(await users.refused(nina, accept, { token: revoked.token })).toBe('INVITATION_REVOKED');

    const declined = await invited(nina.email);
    const { data } = await users.call(nina, decline, { input: { token: declined.token } });
    expect(data.declineInvitation).toEqual({ workspaceName: 'Acme' });
    expect(await users.refused(nina, accept, { token: declined.token })).toBe('INVITATION_USED');
    expect(await users.refused(owner, revoke, { id: declined.id })).toBe('INVITATION_USED');
    expect(await users.refused(owner, resend, { id: declined.id })).toBe('INVITATION_USED');

    const put = await newTeam();
    const archived = await invited(nina.email, 'MEMBER', put);
    await users.call(owner, archive, { input: { id: put } });
    expect(await users.refused(nina, accept, { token: archived.token })).toBe('WORKSPACE_ARCHIVED');
    expect(await users.refused(owner, invite, { workspaceId: put, email: 'x@example.com' })).toBe('WORKSPACE_ARCHIVED');
    expect(await letterOf(archived.id)).toBeNull();
  });

  it('is refused with a token that is none', async () => {
    const { token } = await invited('forged@example.com');
    for (const forged of [`B${token.slice(1)}`, token.slice(1), '', 'x']) {
      expect(await users.refused(stranger, accept, { token: forged })).toBe('NOT_FOUND');
    }
    expect(await users.refused(stranger, accept, { token: 'x'.repeat(201) })).toBe('BAD_USER_INPUT input.token');
  });

  it('can be sent again, after which only the latest e-mail holds', async () => {
    const nina = await newPerson();
    const { id, token } = await invited(nina.email);
    await expire(id);
    const { data } = await users.call(owner, resend, { input: { id } });
    expect(data.resendInvitation.invitation.state).toBe('PENDING');
    expect(await letterOf(id, 1)).toBeNull();
    expect(await users.refused(nina, accept, { token })).toBe('INVITATION_REVOKED');
    const latest = tokenIn(await letterOf(id, 2));
    expect((await users.call(nina, accept, { input: { token: latest } })).errors).toBeUndefined();
  });

  it('is no way back for somebody who was removed after it was sent', async () => {
    const nina = await newPerson();
    const { token } = await invited(nina.email);
    await users.verify(nina.email);
    await users.call(owner, mutation('addMember', 'member { role }'), { input: { workspaceId, email: nina.email } });
    await users.call(owner, remove, { input: { workspaceId, userId: nina.userId } });
    expect(await users.refused(nina, accept, { token })).toBe('INVITATION_REVOKED');
    const anew = await invited(nina.email);
    expect((await users.call(nina, accept, { input: { token: anew.token } })).errors).toBeUndefined();
  });

  it('is refused beyond so many e-mails a day', async () => {
    const busy = await newTeam();
    await users.pool.query(
      `insert into audit_entry (id, workspace_id, action, actor_id, at, changes)
       select gen_random_uuid(), $1, 'INVITATION_SENT', $2, now(), '{}' from generate_series(1, 200)`,
      [busy, stranger.userId],
    );
    expect(await users.refused(owner, invite, { workspaceId: busy, email: 'many@example.com' })).toBe('TOO_BUSY');
  });
});

describe('an invitation by link', () => {
  it('brings in as many as it may, whoever they are, and nobody twice', async () => {
    const { id, token } = await linked({ maxUses: 2, role: 'GUEST' });
    const people = await Promise.all([newPerson(), newPerson(), newPerson()]);
    expect(await users.refused(null, accept, { token })).toBe('UNAUTHENTICATED');
    const answers = await Promise.all(people.map((one) => users.call(one, accept, { input: { token } })));
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ok').sort();
    expect(codes).toEqual(['INVITATION_USED', 'ok', 'ok']);
    const { rows } = await users.pool.query('select uses, end_reason from invitation where id = $1', [id]);
    expect(rows).toEqual([{ uses: 2, end_reason: 'ACCEPTED' }]);
  });

  it('is used up by nobody who is a member already', async () => {
    const { id, token } = await linked({ role: 'GUEST' });
    const { data } = await users.call(admin, accept, { input: { token } });
    expect(data.acceptInvitation.member.role).toBe('ADMIN');
    expect((await users.pool.query('select uses from invitation where id = $1', [id])).rows).toEqual([{ uses: 0 }]);
  });

  it('is no way back for somebody who was removed, admin or not', async () => {
    const team = await newTeam();
    const { token } = await linked({ workspaceId: team }, owner);
    await users.call(owner, remove, { input: { workspaceId: team, userId: admin.userId } });
    expect(await users.refused(admin, accept, { token })).toBe('FORBIDDEN');
  });

  it('shows its token to whoever may make one, not to what may only read', async () => {
    const team = await newTeam();
    const { token } = await linked({ workspaceId: team });
    const query = 'query ($id: ID!) { workspace(id: $id) { invitations { nodes { token role } } } }';
    const seen = async (by: Person) => (await users.call(by, query, { id: team })).data.workspace.invitations.nodes;
    expect(await seen(admin)).toEqual([{ token, role: 'MEMBER' }]);
    expect(await seen({ ...admin, scope: 'write' })).toEqual([{ token, role: 'MEMBER' }]);
    expect(await seen({ ...admin, scope: 'read' })).toEqual([{ token: null, role: 'MEMBER' }]);
    expect(await seen({ ...owner, scope: 'read' })).toEqual([{ token: null, role: 'MEMBER' }]);
  });

  it('ends when it is revoked or expires; it can be neither declined nor sent', async () => {
    const { id, token } = await linked({});
    expect(await users.refused(stranger, decline, { token })).toBe('BAD_USER_INPUT input.token');
    expect(await users.refused(owner, resend, { id })).toBe('BAD_USER_INPUT input.id');
    await expire(id);
    expect(await users.refused(stranger, accept, { token })).toBe('INVITATION_EXPIRED');
    await users.call(owner, revoke, { input: { id } });
    expect(await users.refused(stranger, accept, { token })).toBe('INVITATION_REVOKED');
  });

  it.each<[object, string]>([
    [{ role: 'OWNER' }, 'input.role'],
    [{ maxUses: 0 }, 'input.maxUses'],
    [{ maxUses: 101 }, 'input.maxUses'],
    [{ days: 0 }, 'input.days'],
    [{ days: 31 }, 'input.days'],
  ])('is refused with %j', async (other, field) => {
    expect(await users.refused(owner, makeLink, { workspaceId, maxUses: 1, ...other })).toBe(`BAD_USER_INPUT ${field}`);
  });
});

describe('who may invite', () => {
  it('are owners and admins; only owners invite owners', async () => {
    const input = { workspaceId, email: 'rights@example.com' };
    const { id } = await invited('someone@example.com', 'OWNER');
    expect(await users.refused(null, invite, input)).toBe('UNAUTHENTICATED');
    expect(await users.refused(stranger, invite, input)).toBe('NOT_FOUND');
    expect(await users.refused(member, invite, input)).toBe('FORBIDDEN');
    expect(await users.refused(admin, invite, { ...input, role: 'OWNER' })).toBe('FORBIDDEN');
    for (const [viewer, code] of [
      [null, 'UNAUTHENTICATED'],
      [stranger, 'NOT_FOUND'],
      [member, 'FORBIDDEN'],
    ] as const) {
      expect(await users.refused(viewer, makeLink, { workspaceId, maxUses: 1 })).toBe(code);
      expect(await users.refused(viewer, revoke, { id })).toBe(code);
      expect(await users.refused(viewer, resend, { id })).toBe(code);
    }
    expect(await users.refused(admin, resend, { id })).toBe('FORBIDDEN');
    expect(await users.refused(owner, revoke, { id: newId() })).toBe('NOT_FOUND');
  });

  it('see the invitations, sorted by state', async () => {
    const team = await newTeam();
    const open = await invited('open@example.com', 'MEMBER', team);
    const gone = await invited('gone@example.com', 'MEMBER', team);
    const { id: link } = await linked({ workspaceId: team });
    await expire(gone.id);
    const query = `query ($id: ID!, $filter: InvitationFilter) { workspace(id: $id) {
      invitations(filter: $filter) { nodes { id state token } }
    } }`;
    const list = async (viewer: Somebody, filter: object | null) => {
      const { data, errors } = await users.call(viewer, query, { id: team, filter });
      expect(errors).toBeUndefined();
      return data.workspace.invitations?.nodes.map((one: { id: string }) => one.id) ?? null;
    };
    expect(await list(admin, null)).toEqual([link, gone.id, open.id]);
    expect(await list(admin, { states: ['PENDING'] })).toEqual([link, open.id]);
    expect(await list(admin, { states: ['EXPIRED', 'REVOKED'] })).toEqual([gone.id]);
    expect(await list(member, null)).toBeNull();
  });
});

describe('a preview', () => {
  it('tells nothing of the workspace by an old e-mail, or when it has expired or was used', async () => {
    const nina = await newPerson();
    const { id, token } = await invited(nina.email);
    const seen = async (by: string) => (await users.call(nina, preview, { token: by })).data.invitation;
    const closed = { workspaceName: null, inviterName: null, role: 'MEMBER', email: null, viewerCanAccept: false };
    await expire(id);
    expect(await seen(token)).toEqual({ ...closed, state: 'EXPIRED' });
    await users.call(owner, resend, { input: { id } });
    expect(await seen(token)).toEqual({ ...closed, state: 'REVOKED' });
    const latest = tokenIn(await letterOf(id, 2));
    expect(await seen(latest)).toMatchObject({ workspaceName: 'Acme', email: nina.email, state: 'PENDING' });
    await users.call(nina, accept, { input: { token: latest } });
    expect(await seen(latest)).toEqual({ ...closed, state: 'ACCEPTED' });
  });

  it('says what an invitation leads to, and whether the viewer can accept it', async () => {
    const nina = await newPerson();
    const { id, token } = await invited(nina.email);
    const seen = async (viewer: Person) => (await users.call(viewer, preview, { token })).data.invitation;
    const expected = {
      ...{ workspaceName: 'Acme', inviterName: 'Olga', role: 'MEMBER', email: nina.email, state: 'PENDING' },
    };
    expect(await seen(null)).toEqual({ ...expected, viewerCanAccept: false });
    expect(await seen(stranger)).toEqual({ ...expected, viewerCanAccept: false });
    expect(await seen(nina)).toEqual({ ...expected, viewerCanAccept: true });
    await users.call(owner, revoke, { input: { id } });
    const closed = { workspaceName: null, inviterName: null, role: 'MEMBER', email: null, viewerCanAccept: false };
    expect(await seen(nina)).toEqual({ ...closed, state: 'REVOKED' });
    const { data, errors } = await users.call(nina, preview, { token: 'x' });
    expect([data, errors?.[0]?.extensions.code]).toEqual([{ invitation: null }, 'NOT_FOUND']);
  });
});
