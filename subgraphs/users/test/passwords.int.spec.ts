import { beforeAll, describe, expect, it } from '@jest/globals';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newPerson = () => users.person('Ada', `password${++counter}@example.com`);
const another = 'another horse battery';

beforeAll(async () => {
  users = await startFixture(scope);
});

const login = 'mutation ($input: LoginInput!) { login(input: $input) { refreshToken session { id } } }';
const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';
const request = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { email } }';
const reset = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { email } }';
const verify = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { email } }';

const codeOf = async (answer: ReturnType<Fixture['call']>) => (await answer).errors?.[0]?.extensions.code ?? 'ok';
const canLogIn = async (email: string, guess: string) =>
  (await codeOf(users.call(null, login, { input: { email, password: guess } }))) === 'ok';
const canRefresh = async (refreshToken: string) => (await users.auth('refresh', { refreshToken })).status === 200;

/** The token of the latest letter to somebody. */
async function tokenOf(kind: string, email: string): Promise<string> {
  const letter = (await users.letters(kind)).find((one) => one?.to.address === email);
  return letter.link.path.split('#')[1];
}

describe('changePassword', () => {
  it('takes the current one, sets another, and ends all other sessions', async () => {
    const ada = await newPerson();
    const { data } = await users.call(null, login, { input: { email: ada.email, password } });
    const input = { currentPassword: password, newPassword: another };
    expect(await codeOf(users.call(ada, change, { input }))).toBe('ok');
    expect([await canLogIn(ada.email, password), await canLogIn(ada.email, another)]).toEqual([false, true]);
    expect([await canRefresh(ada.refreshToken), await canRefresh(data.login.refreshToken)]).toEqual([true, false]);
    expect(await users.events(data.login.session.id)).toMatchObject([{ data: { reason: 'PASSWORD_CHANGED' } }]);
  });

  it('refuses a wrong one, as often as a login would, and common new ones', async () => {
    const ada = await newPerson();
    expect(await users.refused(null, change, { currentPassword: password, newPassword: another })).toBe(
      'UNAUTHENTICATED',
    );
    for (const newPassword of ['short', 'password12345', `${ada.email.split('@')[0]}-1815`, '123456789012'])
      expect(await users.refused(ada, change, { currentPassword: password, newPassword })).toBe(
        'BAD_USER_INPUT input.newPassword',
      );
    const codes = await Promise.all(
      Array.from({ length: 20 }, () =>
        codeOf(users.call(ada, change, { input: { currentPassword: 'wrong', newPassword: another } })),
      ),
    );
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS').length).toBeLessThanOrEqual(10);
    expect(codes).toContain('TOO_BUSY');
    expect(await canLogIn(ada.email, password)).toBe(false);
  });
});

describe('a password reset', () => {
  it('sets another password by the link of an e-mail, once, and ends all sessions', async () => {
    const ada = await newPerson();
    const { data } = await users.call(null, request, { input: { email: ada.email.toUpperCase() } });
    expect(data.requestPasswordReset).toEqual({ email: ada.email });
    const token = await tokenOf('PASSWORD_RESET', ada.email);
    expect(await users.refused(null, reset, { token, password: 'password12345' })).toBe(
      'BAD_USER_INPUT input.password',
    );
    const { data: done } = await users.call(null, reset, { input: { token, password: another } });
    expect(done.resetPassword).toEqual({ email: ada.email });
    expect([await canLogIn(ada.email, password), await canLogIn(ada.email, another)]).toEqual([false, true]);
    expect(await canRefresh(ada.refreshToken)).toBe(false);
    expect(await users.refused(null, reset, { token, password: 'a third horse battery' })).toBe('LINK_INVALID');
    const { data: me } = await users.call(ada, '{ me { emailVerified } }');
    expect(me.me.emailVerified).toBe(true);
  });

  it('takes the latest link as well as an earlier one, and of two at once one', async () => {
    const ada = await newPerson();
    const tokens: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      await users.call(null, request, { input: { email: ada.email } });
      tokens.push(await tokenOf('PASSWORD_RESET', ada.email));
    }
    const codes = await Promise.all(
      [tokens[0], tokens[0], tokens[0]].map((token) =>
        codeOf(users.call(null, reset, { input: { token, password: another } })),
      ),
    );
    expect(codes.sort()).toEqual(['LINK_INVALID', 'LINK_INVALID', 'ok']);
    expect(await users.refused(null, reset, { token: tokens[1], password: another })).toBe('LINK_INVALID');
  });

  it('refuses a link that has expired, was changed, or is for something else', async () => {
    const ada = await newPerson();
    await users.call(null, request, { input: { email: ada.email } });
    const token = await tokenOf('PASSWORD_RESET', ada.email);
    const other = await tokenOf('EMAIL_VERIFICATION', ada.email);
    const changed = `${token.slice(0, -2)}${token.endsWith('A') ? 'BA' : 'AA'}`;
    for (const bad of [changed, other, '', 'x'])
      expect(await users.refused(null, reset, { token: bad, password: another })).toBe('LINK_INVALID');
    expect(await users.refused(null, reset, { token: 'x'.repeat(201), password: another })).toBe(
      'BAD_USER_INPUT input.token',
    );
    await users.pool.query('update account_link set expires_at = now() where email = $1', [ada.email]);
    expect(await users.refused(null, reset, { token, password: another })).toBe('LINK_INVALID');
    expect(await canLogIn(ada.email, password)).toBe(true);
  });

  it('is asked for the same way for an address that nobody has: same answer, same work, same time, and no e-mail', async () => {
    const ada = await newPerson();
    const ask = (email: string) => users.call(null, request, { input: { email } });
    const known = await queriesOf(() => ask(ada.email));
    const nobody = `nobody${++counter}@example.com`;
    const unknown = await queriesOf(() => ask(nobody));
    expect(unknown.result).toEqual({ status: 200, data: { requestPasswordReset: { email: nobody } } });
    expect(known.result).toEqual({ status: 200, data: { requestPasswordReset: { email: ada.email } } });
    expect(unknown.queries).toEqual(known.queries);
    const [latest, before] = await users.letters('PASSWORD_RESET');
    expect([latest, before.to.address]).toEqual([null, ada.email]);

    await users.pool.query(
      `insert into "user" (id, email, name, password_hash, created_at)
       select gen_random_uuid(), 'known' || n || '@example.com', 'Known', 'x', now() from generate_series(1, 200) n`,
    );
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let n = 1; n <= 200; n += 1) {
      for (const kind of ['known', 'unknown'] as const) {
        const begin = performance.now();
        await ask(`${kind}${n}@example.com`);
        times[kind].push(performance.now() - begin);
      }
    }
    const median = (list: number[]) => list.sort((a, b) => a - b)[100] as number;
    expect(median(times.known) / median(times.unknown)).toBeGreaterThan(0.75);
    expect(median(times.known) / median(times.unknown)).toBeLessThan(1.33);
  });

  it('is sent five times in a quarter of an hour to one address', async () => {
    const { email } = await newPerson();
    const codes = await Promise.all(
      Array.from({ length: 8 }, () => codeOf(users.call(null, request, { input: { email } }))),
    );
    // The first was sent when they registered.
    expect(codes.filter((code) => code === 'ok')).toHaveLength(4);
    expect(codes.filter((code) => code === 'TOO_BUSY')).toHaveLength(4);
  });
});

describe('a login', () => {
  it('does the same work for an address that nobody has', async () => {
    const ada = await newPerson();
    const attempt = (email: string) =>
      queriesOf(() => users.call(null, login, { input: { email, password: 'wrong horse battery' } }));
    const [known, unknown] = [await attempt(ada.email), await attempt('nobody-at-all@example.com')];
    expect(unknown.result).toEqual(known.result);
    expect(unknown.queries).toEqual(known.queries);
  });
});

describe('an e-mail address', () => {
  it('is verified by the link that is sent on registering, or again', async () => {
    const ada = await newPerson();
    const verified = async () => (await users.call(ada, '{ me { emailVerified } }')).data.me.emailVerified;
    expect(await verified()).toBe(false);
    const first = await tokenOf('EMAIL_VERIFICATION', ada.email);
    const { data } = await users.call(ada, 'mutation { requestEmailVerification { email } }');
    expect(data.requestEmailVerification).toEqual({ email: ada.email });
    const again = await tokenOf('EMAIL_VERIFICATION', ada.email);
    expect(again).not.toBe(first);
    expect((await users.call(null, verify, { input: { token: again } })).data.verifyEmail).toEqual({
      email: ada.email,
    });
    expect(await verified()).toBe(true);
    for (const token of [again, first, await tokenOf('PASSWORD_RESET', ada.email).catch(() => 'x')])
      expect(await users.refused(null, verify, { token })).toBe('LINK_INVALID');
  });

  it("is not told to others whether it is somebody's", async () => {
    const ada = await newPerson();
    const { errors } = await users.call(null, 'mutation { requestEmailVerification { email } }');
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const grace = await newPerson();
    const workspaceId = await users.workspace(ada, [{ email: grace.email, role: 'MEMBER' }]);
    const query = 'query ($id: ID!) { workspace(id: $id) { members { nodes { user { id emailVerified } } } } }';
    const { data } = await users.call(grace, query, { id: workspaceId });
    expect(data.workspace.members.nodes.map(({ user }: { user: object }) => user)).toEqual([
      { id: ada.userId, emailVerified: null },
      { id: grace.userId, emailVerified: true },
    ]);
  });
});

describe('a reused refresh token', () => {
  it('is told to the person by e-mail', async () => {
    const ada = await newPerson();
    await users.auth('refresh', { refreshToken: ada.refreshToken });
    await users.pool.query(`update refresh_token set used_at = used_at - interval '1 minute' where session_id = $1`, [
      ada.sessionId,
    ]);
    await users.auth('refresh', { refreshToken: ada.refreshToken });
    expect(await users.letters('SESSION_REUSED')).toMatchObject([
      { to: { name: 'Ada', address: ada.email }, subject: 'One of your sessions was ended' },
    ]);
  });
});
