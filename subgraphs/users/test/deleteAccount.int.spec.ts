import { beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { parseEnv } from '#platform/env.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import { createScope } from '#platform/service/scope.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { usersEnvSchema } from '../src/env.ts';
import { eraseCommand } from '../src/eraseCommand.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newPerson = (name = 'Ada') => users.person(name, `deleted${++counter}@example.com`);

beforeAll(async () => {
  users = await startFixture(scope);
});

const deleteAccount = 'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { userId } }';
const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
const invite = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }';
const createToken =
  'mutation { createPersonalToken(input: { name: "Quokka CI", scope: READ }) { personalToken { id } } }';
const byReference =
  'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id name avatarUrl email } } }';

/** Everything in this database that mentions one of the words. */
async function mentions(...words: string[]): Promise<string[]> {
  const { rows: tables } = await users.pool.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'backbone')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await users.pool.query(`select t::text as row from ${name} t`);
    for (const { row } of rows)
      if (words.some((word) => row.toLowerCase().includes(word))) found.push(`${name} ${row}`);
  }
  return found;
}

describe('deleteAccount', () => {
  it('erases the person, and ends sessions, tokens and memberships', async () => {
    const [ada, grace] = [await newPerson('Quokka'), await newPerson('Grace')];
    const workspaceId = await users.workspace(grace, [{ email: ada.email, role: 'MEMBER' }]);
    const alone = await users.workspace(ada);
    const elsewhere = await users.workspace(grace);
    await users.call(grace, invite, { input: { workspaceId: elsewhere, email: ada.email } });
    await users.call(ada, 'mutation { updateProfile(input: { locale: "eo", name: "Quokka Two" }) { user { id } } }');
    const tokenId = (await users.call(ada, createToken)).data.createPersonalToken.personalToken.id;
    await users.auth('refresh', { refreshToken: ada.refreshToken }, { address: '203.0.113.77' });
    await users.pool.query(
      `update audit_entry set address = '203.0.113.77', user_agent = 'Quokka' where actor_id = $1`,
      [ada.userId],
    );
    expect((await mentions('quokka', ada.email, '203.0.113.77')).length).toBeGreaterThan(8);

    const { data } = await users.call(ada, deleteAccount, { input: { password } });
    expect(data.deleteAccount).toEqual({ userId: ada.userId });
    expect(await mentions('quokka', ada.email, '203.0.113.77')).toEqual([]);
    expect(await users.refused(null, login, { email: ada.email, password })).toBe('INVALID_CREDENTIALS');
    expect((await users.auth('refresh', { refreshToken: ada.refreshToken })).status).toBe(401);

    for (const id of [ada.sessionId, tokenId])
      expect((await users.events(id)).at(-1)).toMatchObject({ data: { reason: 'ERASED', session: { device: '' } } });
    const events = await users.events(ada.userId);
    expect(events.map(({ type }) => type)).toEqual([
      'users.user.registered.v1',
      'users.user.changed.v1',
      'users.user.erased.v1',
    ]);
    expect(events[1].data.user).toEqual({ id: ada.userId, name: 'Deleted user', email: '', avatarUrl: null });
    const { rows: members } = await users.pool.query('select user_id from membership where workspace_id = $1', [
      workspaceId,
    ]);
    expect(members).toEqual([{ user_id: grace.userId }]);
    const { rows } = await users.pool.query('select name, archived_at from workspace where id = $1', [alone]);
    expect(rows).toEqual([{ name: 'Deleted workspace', archived_at: expect.any(Date) }]);
    const { rows: revoked } = await users.pool.query('select id from erased_session where user_id = $1', [ada.userId]);
    expect(revoked.map(({ id }) => id).sort()).toEqual([ada.sessionId, tokenId].sort());

    // What others have of them.
    const of = [{ __typename: 'User', id: ada.userId }];
    const { data: seen } = await users.call(grace, byReference, { of });
    expect(seen._entities).toEqual([{ id: ada.userId, name: 'Deleted user', avatarUrl: null, email: null }]);
    // The address is free.
    expect((await users.person('Ada', ada.email)).userId).not.toBe(ada.userId);
  });

  it('touches nothing that was sent to an address which is not verified: it may be somebody else’s', async () => {
    const [grace, mallory] = [await newPerson('Grace'), await newPerson('Mallory')];
    const workspaceId = await users.workspace(grace);
    await users.call(grace, invite, { input: { workspaceId, email: mallory.email } });
    const log = `query ($id: ID!) { workspace(id: $id) {
      invitations { nodes { email state } } auditLog { nodes { action changes { field to } } }
    } }`;
    const before = (await users.call(grace, log, { id: workspaceId })).data;
    expect(before.workspace.invitations.nodes).toEqual([{ email: mallory.email, state: 'PENDING' }]);
    await users.call(mallory, deleteAccount, { input: { password } });
    expect((await users.call(grace, log, { id: workspaceId })).data).toEqual(before);
    expect(await users.refused(null, login, { email: mallory.email, password })).toBe('INVALID_CREDENTIALS');
  });

  it('takes them out of the stream, and leaves there what others have yet to hear', async () => {
    const ada = await newPerson('Wombat');
    await users.call(ada, 'mutation { updateProfile(input: { name: "Wombat Two" }) { user { id } } }');
    const connection = await connect({ servers: new URL(users.nats.url).host });
    scope.defer('nats', () => connection.close());
    const { streams } = await jetstreamManager(connection);
    const types = async (subject: string) => {
      const found: string[] = [];
      for (let seq = 1; ; ) {
        const message = await streams.getMessage('users', { seq, next_by_subj: subject } as { seq: number });
        if (!message) return found;
        found.push(`${message.json<{ type: string }>().type} ${/wombat/i.test(message.string())}`);
        seq = message.seq + 1;
      }
    };
    const subject = `users.user.${ada.userId}.*`;
    await waitFor(async () => (await types(subject)).length === 2);
    expect(await types(subject)).toEqual(['users.user.registered.v1 true', 'users.user.changed.v1 true']);
    await users.call(ada, deleteAccount, { input: { password } });
    await waitFor(async () => (await types(subject)).join() === 'users.user.erased.v1 false');
    expect(await types(`users.session.${ada.sessionId}.*`)).toEqual(['users.session.revoked.v1 false']);
  });

  it('names the workspaces that would be left without an owner, and writes nothing', async () => {
    const [ada, grace] = [await newPerson(), await newPerson()];
    const workspaceId = await users.workspace(ada, [{ email: grace.email, role: 'ADMIN' }]);
    await users.workspace(ada);
    expect(await users.refused(ada, deleteAccount, { password })).toBe('LAST_OWNER');
    const { errors } = await users.call(ada, deleteAccount, { input: { password } });
    expect(errors?.[0]?.extensions.workspaces).toEqual([{ id: workspaceId, name: 'Acme' }]);
    const transfer =
      'mutation ($input: TransferOwnershipInput!) { transferOwnership(input: $input) { member { role } } }';
    await users.call(ada, transfer, { input: { workspaceId, userId: grace.userId } });
    expect((await users.call(ada, deleteAccount, { input: { password } })).errors).toBeUndefined();
  });

  it('needs the password, and somebody who has signed in', async () => {
    const ada = await newPerson();
    expect(await users.refused(ada, deleteAccount, { password: 'wrong horse' })).toBe('INVALID_CREDENTIALS');
    expect(await users.refused(ada, deleteAccount, {})).toBe('BAD_USER_INPUT input.password');
    expect(await users.refused(null, deleteAccount, { password })).toBe('UNAUTHENTICATED');
    expect(await users.refused({ ...ada, scope: 'admin' }, deleteAccount, { password })).toBe('FORBIDDEN');
  });

  it('needs a login of a short while ago where there is no password', async () => {
    const ada = await newPerson();
    await users.pool.query('update "user" set password_hash = null where id = $1', [ada.userId]);
    const age = (minutes: number) =>
      users.pool.query(`update session set created_at = now() - make_interval(mins => $2) where id = $1`, [
        ada.sessionId,
        minutes,
      ]);
    await age(11);
    expect(await users.refused(ada, deleteAccount, {})).toBe('LOGIN_TOO_OLD');
    await age(9);
    expect((await users.call(ada, deleteAccount, { input: {} })).errors).toBeUndefined();
    expect(await users.refused(ada, deleteAccount, {})).toBe('UNAUTHENTICATED');
  });

  it('leaves neither a session to a login nor a membership to an invitation at the same moment', async () => {
    const [ada, grace] = [await newPerson(), await newPerson()];
    const workspaceId = await users.workspace(grace);
    await users.verify(ada.email);
    const add = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';
    const answers = await Promise.all([
      ...Array.from({ length: 3 }, () => users.call(null, login, { input: { email: ada.email, password } })),
      users.call(grace, add, { input: { workspaceId, email: ada.email } }),
      users.call(ada, deleteAccount, { input: { password } }),
    ]);
    const codes = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []);
    expect(codes.filter((code) => code === 'INTERNAL_SERVER_ERROR')).toEqual([]);
    expect(answers.at(-1)?.data?.deleteAccount).toEqual({ userId: ada.userId });
    const { rows } = await users.pool.query(
      `select (select count(*) from session where user_id = $1)::int as sessions,
        (select count(*) from membership where user_id = $1)::int as memberships`,
      [ada.userId],
    );
    expect(rows).toEqual([{ sessions: 0, memberships: 0 }]);
  });
});

describe('the command that erases', () => {
  it('erases an account by its id, unless others would be left without an owner', async () => {
    const [ada, grace] = [await newPerson('Numbat'), await newPerson()];
    const workspaceId = await users.workspace(ada, [{ email: grace.email, role: 'MEMBER' }]);
    const said: string[] = [];
    const erase = async (...args: string[]) => {
      const own = createScope();
      const env = parseEnv(usersEnvSchema, { DATABASE_URL: users.databaseUrl, NATS_URL: users.nats.url });
      const log = createLogger({ service: 'users', level: 'silent' });
      const code = await eraseCommand(args, env, { scope: own, log, say: (text) => said.push(text) });
      await own.close();
      return code;
    };
    expect([await erase(), await erase('ada'), await erase(newId()), await erase(ada.userId)]).toEqual([1, 1, 1, 1]);
    expect(said.at(-1)).toContain(workspaceId);
    const remove = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }';
    await users.call(ada, remove, { input: { workspaceId, userId: grace.userId } });
    expect(await erase(ada.userId)).toBe(0);
    expect(await mentions('numbat', ada.email)).toEqual([]);
  });
});
