import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newPerson = (name: string) => users.person(name, `own${++counter}@example.com`);
const mutation = (name: string, selection: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;
const invite = mutation('inviteMember', 'invitation { id }');

beforeAll(async () => {
  users = await startFixture(scope);
});

/** What the person's download says. */
async function download(person: Person) {
  const { data } = await users.call(person, 'mutation { createDownloadLink { path } }');
  const { path } = data.createDownloadLink;
  const call = { caller: 'gateway', callee: 'users', path, viewer: null, clientAddress: null, body: '' };
  const headers = signCall({ keys: parseCallKeys(undefined, false), ...call, mutation: true });
  const response = await fetch(`${users.url}${path}`, { headers });
  expect(response.status).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  return (await response.json()) as any;
}

describe("a member's own data", () => {
  it('has the invitations to an address only when that is known to be theirs', async () => {
    const owner = await newPerson('Olga');
    const workspaceId = await users.workspace(owner);
    const mallory = await newPerson('Mallory');
    await users.call(owner, invite, { input: { workspaceId, email: mallory.email, role: 'ADMIN' } });
    expect((await download(mallory)).invitationsReceived).toEqual([]);
    await users.verify(mallory.email);
    const [received] = (await download(mallory)).invitationsReceived;
    expect(received).toMatchObject({ workspaceId, email: mallory.email, role: 'ADMIN' });
  });

  it.each([
    ['removed', mutation('removeMember', 'userId'), {}],
    ['no admin any more', mutation('changeMemberRole', 'member { role }'), { role: 'GUEST' }],
  ])('has nobody’s address in it for an admin who was %s', async (_name, change, more) => {
    const [owner, admin, added] = [await newPerson('Olga'), await newPerson('Adam'), await newPerson('Nina')];
    const workspaceId = await users.workspace(owner, [{ email: admin.email, role: 'ADMIN' }]);
    await users.verify(added.email);
    await users.call(admin, mutation('addMember', 'member { role }'), { input: { workspaceId, email: added.email } });
    await users.call(admin, invite, { input: { workspaceId, email: 'secret.hire@corp.example' } });
    const before = await download(admin);
    expect(before.invitationsMade).toMatchObject([{ workspaceId, email: 'secret.hire@corp.example' }]);
    expect(before.auditLog).toMatchObject([
      { action: 'MEMBER_ADDED', subjectId: added.userId },
      { action: 'INVITATION_SENT', changes: { email: { to: 'secret.hire@corp.example' } } },
    ]);

    await users.call(owner, change, { input: { workspaceId, userId: admin.userId, ...more } });
    const after = await download(admin);
    expect(JSON.stringify(after)).not.toContain('secret.hire');
    expect(after.invitationsMade).toMatchObject([{ workspaceId, email: null, createdAt: expect.any(String) }]);
    const said = after.auditLog.map((entry: Record<string, unknown>) => [entry.action, entry.subjectId, entry.changes]);
    expect(said).toEqual([
      ['MEMBER_ADDED', null, {}],
      ['INVITATION_SENT', null, {}],
    ]);
  });
});
