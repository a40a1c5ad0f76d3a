import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseEnv } from '#platform/env.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import { createScope } from '#platform/service/scope.ts';
import { testScope } from '#platform/testing/index.ts';
import { usersEnvSchema } from '../src/env.ts';
import { roleCommand } from '../src/roleCommand.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let admin: Awaited<ReturnType<Fixture['person']>>;
let counter = 0;
const newPerson = () => users.person('Ada', `admin${++counter}@example.com`);

/** Runs the command that gives roles. */
async function role(...args: string[]) {
  const own = createScope();
  const env = parseEnv(usersEnvSchema, { DATABASE_URL: users.databaseUrl });
  const log = createLogger({ service: 'users', level: 'silent' });
  const code = await roleCommand(args, env, { scope: own, log, say: () => {} });
  await own.close();
  return code;
}

beforeAll(async () => {
  users = await startFixture(scope);
  admin = await users.person('Root', 'Root@example.com');
  expect(await role('ROOT@example.com', 'ADMIN')).toBe(0);
});

const suspend = 'mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { account { id suspended } } }';
const restore = 'mutation ($input: RestoreUserInput!) { restoreUser(input: $input) { account { id suspended } } }';
const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
const accounts =
  'query ($first: Int, $search: String) { accounts(first: $first, search: $search) { nodes { id email globalRole suspended } } }';

describe('suspendUser', () => {
  it('ends sessions and personal tokens at once, and lets nobody in until the account is restored', async () => {
    const ada = await newPerson();
    const create = 'mutation { createPersonalToken(input: { name: "CI", scope: READ }) { personalToken { id } } }';
    const tokenId = (await users.call(ada, create)).data.createPersonalToken.personalToken.id;
    const input = { userId: ada.userId };
    for (let time = 0; time < 2; time += 1) {
      const { data } = await users.call(admin, suspend, { input });
      expect(data.suspendUser.account).toEqual({ id: ada.userId, suspended: true });
    }
    for (const id of [ada.sessionId, tokenId])
      expect(await users.events(id)).toMatchObject([{ actor_id: admin.userId, data: { reason: 'SUSPENDED' } }]);
    expect((await users.auth('refresh', { refreshToken: ada.refreshToken })).status).toBe(401);
    const credentials = { email: ada.email, password };
    expect(await users.refused(null, login, credentials)).toBe('SUSPENDED');
    expect(await users.refused(null, login, { ...credentials, password: 'wrong horse' })).toBe('INVALID_CREDENTIALS');

    const { data } = await users.call(admin, restore, { input });
    expect(data.restoreUser.account).toEqual({ id: ada.userId, suspended: false });
    expect((await users.call(null, login, { input: credentials })).errors).toBeUndefined();
    expect((await users.auth('refresh', { refreshToken: ada.refreshToken })).status).toBe(401);
    expect(await users.events(ada.userId)).toMatchObject([
      { type: 'users.user.registered.v1', version: 1 },
      { type: 'users.user.suspension-changed.v1', version: 2, data: { suspended: true } },
      { type: 'users.user.suspension-changed.v1', version: 3, data: { suspended: false } },
    ]);
  });

  it('leaves no session to a login at the same moment', async () => {
    const ada = await newPerson();
    const input = { email: ada.email, password };
    await Promise.all([
      ...Array.from({ length: 5 }, () => users.call(null, login, { input })),
      users.call(admin, suspend, { input: { userId: ada.userId } }),
    ]);
    const { rows } = await users.pool.query(
      'select count(*)::int as live from session where user_id = $1 and ended_at is null',
      [ada.userId],
    );
    expect(rows[0].live).toBe(0);
  });

  it('is for admins, on others', async () => {
    const [ada, grace] = [await newPerson(), await newPerson()];
    const input = { userId: ada.userId };
    const script = { userId: admin.userId, sessionId: newId(), scope: 'write' as const };
    for (const query of [suspend, restore]) {
      expect(await users.refused(grace, query, input)).toBe('FORBIDDEN');
      expect(await users.refused(null, query, input)).toBe('UNAUTHENTICATED');
      expect(await users.refused(script, query, input)).toBe('FORBIDDEN');
      expect(await users.refused(admin, query, { userId: newId() })).toBe('NOT_FOUND');
      expect(await users.refused(admin, query, { userId: admin.userId })).toBe('BAD_USER_INPUT input.userId');
    }
    const { errors } = await users.call({ ...script, scope: 'admin' as const }, suspend, { input });
    expect(errors).toBeUndefined();
  });
});

describe('accounts', () => {
  it('are listed for admins, by name or address', async () => {
    const ada = await newPerson();
    const { data } = await users.call(admin, accounts, { search: ada.email.toUpperCase().slice(0, -4) });
    expect(data.accounts.nodes).toEqual([{ id: ada.userId, email: ada.email, globalRole: 'USER', suspended: false }]);
    const { data: first } = await users.call(admin, accounts, { first: 1 });
    expect(first.accounts.nodes).toMatchObject([{ id: ada.userId }]);
    const { data: root } = await users.call(admin, accounts, { search: 'root' });
    expect(root.accounts.nodes).toMatchObject([{ email: 'root@example.com', globalRole: 'ADMIN' }]);
    expect((await users.call(ada, accounts)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('the command for roles', () => {
  it('takes a role back, and refuses what it doesn’t know', async () => {
    const ada = await newPerson();
    expect([await role(ada.email, 'ADMIN'), await role(ada.email, 'USER')]).toEqual([0, 0]);
    expect((await users.call(ada, accounts)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect([await role('nobody@example.org', 'ADMIN'), await role(ada.email, 'ROOT'), await role()]).toEqual([1, 1, 1]);
  });
});

describe('updateProfile', () => {
  const update = `mutation ($input: UpdateProfileInput!) {
    updateProfile(input: $input) { user { name locale timeZone avatarUrl globalRole } } }`;

  it('changes what is given, and tells others of it', async () => {
    const ada = await newPerson();
    const avatarUrl = 'https://example.com/ada.png';
    const input = { name: ' Ada L. ', locale: 'de-ch', timeZone: 'Europe/Zurich', avatarUrl };
    const { data } = await users.call(ada, update, { input });
    const user = { name: 'Ada L.', locale: 'de-CH', timeZone: 'Europe/Zurich', avatarUrl, globalRole: 'USER' };
    expect(data.updateProfile.user).toEqual(user);
    const { data: less } = await users.call(ada, update, { input: { timeZone: null, name: 'Ada L.' } });
    expect(less.updateProfile.user).toEqual({ ...user, timeZone: null });
    await users.call(ada, update, { input: {} });
    expect((await users.events(ada.userId)).slice(1)).toMatchObject([
      { type: 'users.user.changed.v1', version: 2, data: { user: { name: 'Ada L.', email: ada.email, avatarUrl } } },
      { type: 'users.user.changed.v1', version: 3 },
    ]);
  });

  it.each([
    [{ name: ' ' }, 'input.name'],
    [{ name: 'x'.repeat(81) }, 'input.name'],
    [{ locale: 'no locale' }, 'input.locale'],
    [{ timeZone: 'Europe/Atlantis' }, 'input.timeZone'],
    [{ timeZone: '+01:00' }, 'input.timeZone'],
    [{ avatarUrl: 'javascript:alert(1)' }, 'input.avatarUrl'],
    [{ avatarUrl: 'http://example.com/a.png' }, 'input.avatarUrl'],
    [{ avatarUrl: `https://example.com/${'a'.repeat(2048)}` }, 'input.avatarUrl'],
  ])('refuses %j', async (input, field) => {
    expect(await users.refused(await newPerson(), update, input)).toBe(`BAD_USER_INPUT ${field}`);
  });
});
