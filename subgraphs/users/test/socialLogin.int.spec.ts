import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { password } from './fixture.ts';
import { type Social, startSocial } from './socialFixture.ts';

const scope = testScope();
let f: Social;
beforeAll(async () => {
  f = await startSocial(scope);
}, 60_000);

/** Somebody at the provider whom nobody has met yet. */
const stranger = <More extends object>(more = {} as More) => {
  const id = newId();
  return { sub: id, email: `${id}@example.com`, email_verified: true, name: 'Grace Hopper', ...more };
};
const verify = (email: string) => f.pool.query('update "user" set email_verified_at = now() where email = $1', [email]);
const me = '{ me { id name email emailVerified hasPassword avatarUrl } }';
const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }';
const identities = '{ identities { nodes { provider email viewerCanUnlink } } }';
const resetPassword = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { email } }';
const requestReset = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { email } }';

/** Sets a password by the link of the letter, as the owner of the address does. */
async function reset(email: string, chosen: string) {
  await f.call(null, requestReset, { input: { email } });
  const [letter] = await f.letters('PASSWORD_RESET');
  const { errors } = await f.call(null, resetPassword, {
    input: { token: letter.link.path.split('#')[1], password: chosen },
  });
  expect([letter.to.address, errors]).toEqual([email, undefined]);
}

describe('somebody new', () => {
  it('has an account without a password, and a session as by a password', async () => {
    const person = stranger({ picture: 'https://pictures.example/grace.png' });
    const browser = f.browser('203.0.113.7');
    expect(await f.signIn(browser, person, '/auth/login/acme?returnTo=/boards?open=1%23top')).toBe(
      '/boards?open=1#top',
    );
    const viewer = await f.entered(browser);
    const { data } = await f.call(viewer, me);
    expect(data.me).toEqual({
      ...{ id: viewer.userId, name: 'Grace Hopper', email: person.email, emailVerified: true, hasPassword: false },
      avatarUrl: person.picture,
    });
    const sessions = await f.call(viewer, '{ sessions { nodes { device ip current } } }');
    expect(sessions.data.sessions.nodes).toEqual([{ device: 'Firefox on Linux', ip: '203.0.113.7', current: true }]);
    expect(await f.events(viewer.userId)).toMatchObject([
      { type: 'users.user.registered.v1', data: { user: { name: 'Grace Hopper', email: person.email } } },
    ]);
    expect((await f.call(viewer, identities)).data.identities.nodes).toEqual([
      { provider: 'acme', email: person.email, viewerCanUnlink: false },
    ]);
  });

  it('is the same person the next time, by the subject, whatever the address is then', async () => {
    const person = stranger();
    const [first, second] = [f.browser(), f.browser()];
    await f.signIn(first, person);
    await f.signIn(second, { ...person, email: `other-${person.email}`, email_verified: false });
    const { userId } = await f.entered(first);
    expect((await f.entered(second)).userId).toBe(userId);
    expect((await f.call({ userId, sessionId: newId() }, me)).data.me.email).toBe(person.email);
  });

  it('is one account when it comes back in two browsers at once', async () => {
    const person = stranger();
    const browsers = [f.browser(), f.browser()];
    const backs = await Promise.all(browsers.map((browser) => f.comeBack(browser, person)));
    const ends = await Promise.all(
      browsers.map((browser, index) => browser.open(backs[index] as URL, { site: 'cross-site' })),
    );
    expect(ends.map(({ url }) => url)).toEqual(['http://app.test/', 'http://app.test/']);
    const users = await Promise.all(browsers.map((browser) => f.entered(browser)));
    expect(new Set(users.map(({ userId }) => userId)).size).toBe(1);
  });

  it('can neither sign in with a password nor change it, and sets one by the letter', async () => {
    const person = stranger();
    const browser = f.browser();
    await f.signIn(browser, person);
    const viewer = await f.entered(browser);
    const { email } = person;
    for (const wrong of ['', password]) {
      const { errors } = await f.call(null, login, { input: { email, password: wrong } });
      expect(errors?.[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
    }
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';
    const changed = await f.call(viewer, change, { input: { currentPassword: '', newPassword: password } });
    expect(changed.errors?.[0]?.extensions.code).toBe('INVALID_CREDENTIALS');

    await reset(email, password);
    const signedIn = await f.call(null, login, { input: { email, password } });
    expect(signedIn.data.login.user.id).toBe(viewer.userId);
    expect((await f.call(viewer, me)).data.me.hasPassword).toBe(true);
    expect((await f.call(viewer, identities)).data.identities.nodes).toMatchObject([{ viewerCanUnlink: true }]);
    const again = f.browser();
    await f.signIn(again, person);
    expect((await f.entered(again)).userId).toBe(viewer.userId);
  });

  it.each<[string, object]>([
    ['an address that the provider has not verified', { email_verified: false }],
    ['an address of which it does not say', { email_verified: undefined }],
    ['no address', { email: undefined }],
    ['what is no address', { email: 'grace' }],
    ['an address that is another one once it is normalised', { email: 'ａda@example.com' }],
    ['the same with a Kelvin sign', { email: '\u212aate@example.com' }],
  ])('has no account with %s', async (_name, more) => {
    const before = await f.all();
    expect(await f.signIn(f.browser(), stranger(more), '/auth/login/acme?returnTo=/in?a=b')).toBe(
      '/in?a=b&error=EMAIL_UNVERIFIED',
    );
    expect(await f.all()).toEqual(before);
  });

  it('has a name whatever the provider calls them', async () => {
    for (const [name, expected] of [
      ['x'.repeat(200), 'x'.repeat(80)],
      ['\n', undefined],
      [undefined, undefined],
    ]) {
      const person = stranger({ name, picture: 'http://insecure.example/a.png' });
      const browser = f.browser();
      await f.signIn(browser, person);
      const { data } = await f.call(await f.entered(browser), me);
      expect(data.me).toMatchObject({ name: expected ?? person.sub, avatarUrl: null });
    }
  });
});

describe('somebody with an account already', () => {
  it('is led into it when both say that the address is verified, and told by e-mail', async () => {
    const { userId, email } = await f.person('Ada', `${newId()}@example.com`);
    await verify(email);
    const browser = f.browser();
    expect(await f.signIn(browser, stranger({ email: email.toUpperCase() }))).toBe('/');
    const viewer = await f.entered(browser);
    expect(viewer.userId).toBe(userId);
    expect((await f.call(viewer, identities)).data.identities.nodes).toEqual([
      { provider: 'acme', email, viewerCanUnlink: true },
    ]);
    const [letter] = await f.letters('IDENTITY_LINKED');
    expect(letter).toMatchObject({ to: { address: email }, subject: 'You can sign in with Acme' });
    // The password is the owner's, and stays.
    expect((await f.call(null, login, { input: { email, password } })).errors).toBeUndefined();
  });

  it('is not when nobody has verified it here, and takes the account over by a reset', async () => {
    // Somebody else has made an account with the address, has signed in, and has a token.
    const squatter = await f.person('Mallory', `${newId()}@example.com`);
    const { email, userId } = squatter;
    const create = 'mutation { createPersonalToken(input: { name: "Later", scope: ADMIN }) { personalToken { id } } }';
    const tokenId = (await f.call(squatter, create)).data.createPersonalToken.personalToken.id;
    const before = await f.all();
    const owner = stranger({ email });
    expect(await f.signIn(f.browser(), owner)).toBe('/?error=EMAIL_TAKEN');
    expect(await f.all()).toEqual(before);

    await reset(email, 'the owner has come at last');
    const old = await f.call(null, login, { input: { email, password } });
    expect(old.errors?.[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
    const { rows } = await f.pool.query(
      'select id from session where user_id = $1 and ended_at is null union select id from personal_token where user_id = $1 and revoked_at is null',
      [userId],
    );
    expect(rows).toEqual([]);
    expect((await f.events(tokenId)).map(({ type }) => type)).toEqual(['users.session.revoked.v1']);
    const browser = f.browser();
    expect(await f.signIn(browser, owner)).toBe('/');
    expect((await f.entered(browser)).userId).toBe(userId);
  });

  it('keeps its tokens over a reset when the address was verified before', async () => {
    const person = await f.person('Ada', `${newId()}@example.com`);
    await verify(person.email);
    const create = 'mutation { createPersonalToken(input: { name: "CI", scope: READ }) { personalToken { id } } }';
    await f.call(person, create);
    await reset(person.email, 'quite another password');
    const { rows } = await f.pool.query('select revoked_at from personal_token where user_id = $1', [person.userId]);
    expect(rows).toEqual([{ revoked_at: null }]);
  });

  it('is refused while suspended, and gets neither a session nor the identity', async () => {
    const { email, userId } = await f.person('Eve', `${newId()}@example.com`);
    await verify(email);
    const known = stranger();
    await f.signIn(f.browser(), known);
    await f.pool.query('update "user" set suspended_at = now() where id = $1 or email = $2', [userId, known.email]);
    const before = await f.all();
    for (const person of [stranger({ email }), known]) {
      const browser = f.browser();
      expect(await f.signIn(browser, person)).toBe('/?error=SUSPENDED');
      expect(browser.cookies('http://app.test/auth/refresh')).toBe('');
    }
    expect(await f.all()).toEqual(before);
  });
});

it('tells whom people can sign in with', async () => {
  const { data } = await f.call(null, '{ loginProviders { name label } }');
  expect(data.loginProviders).toEqual([
    { name: 'acme', label: 'Acme' },
    { name: 'other', label: 'other' },
    { name: 'github', label: 'GitHub' },
  ]);
});

it('takes the address from the id token, where that has it', async () => {
  const own = await startSocial(scope, { inIdToken: true });
  const person = stranger();
  const browser = own.browser();
  expect(await own.signIn(browser, person)).toBe('/');
  const { data } = await own.call(await own.entered(browser), me);
  expect(data.me).toMatchObject({ email: person.email, name: 'Grace Hopper' });
  expect(own.acme.asked).not.toContain('/me');
  expect(f.acme.asked).toContain('/me');
});
