import { beforeAll, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;

beforeAll(async () => {
  users = await startFixture(scope);
});

const invite = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }';
const resend = 'mutation ($input: ResendInvitationInput!) { resendInvitation(input: $input) { invitation { id } } }';

it('an address is sent five in a quarter of an hour, by whomever and from wherever; the same again sends nothing', async () => {
  const email = 'everybody@example.com';
  for (let time = 0; time < 3; time += 1) {
    const owner = await users.person('Olga', `olga${time}@example.com`);
    const workspaceId = await users.workspace(owner);
    for (let again = 0; again < 4; again += 1) {
      const { data, errors } = await users.call(owner, invite, { input: { workspaceId, email } });
      expect(errors).toBeUndefined();
      if (again > 0 || time === 2) continue;
      const { id } = data.inviteMember.invitation;
      expect((await users.call(owner, resend, { input: { id } })).errors).toBeUndefined();
    }
  }
  const owner = await users.person('Ola');
  const workspaceId = await users.workspace(owner);
  expect(await users.refused(owner, invite, { workspaceId, email })).toBe('TOO_BUSY');
  expect(await users.refused(owner, invite, { workspaceId, email: 'ola@example.com' })).toBe('ALREADY_MEMBER');
});

it('somebody sends 200 a day, over all of their workspaces', async () => {
  const owner = await users.person('Otto');
  const [one, other] = [await users.workspace(owner), await users.workspace(owner)];
  const fill = (workspaceId: string, count: number) =>
    users.pool.query(
      `insert into audit_entry (id, workspace_id, action, actor_id, at, changes)
       select gen_random_uuid(), $1, 'INVITATION_SENT', $2, now() - interval '1 hour', '{}' from generate_series(1, $3)`,
      [workspaceId, owner.userId, count],
    );
  await fill(one, 199);
  expect((await users.call(owner, invite, { input: { workspaceId: other, email: 'a@example.com' } })).errors).toBe(
    undefined,
  );
  expect(await users.refused(owner, invite, { workspaceId: other, email: 'b@example.com' })).toBe('TOO_BUSY');
  await users.pool.query(`update audit_entry set at = at - interval '1 day' where workspace_id = $1`, [one]);
  expect((await users.call(owner, invite, { input: { workspaceId: other, email: 'b@example.com' } })).errors).toBe(
    undefined,
  );
});
