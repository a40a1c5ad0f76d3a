import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import type { Browser } from '#platform/testing/createBrowser.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { app, type Entered, type Social, startSocial } from './socialFixture.ts';

const scope = testScope();
let f: Social;
beforeAll(async () => {
  f = await startSocial(scope);
}, 60_000);

const stranger = () => {
  const id = newId();
  return { sub: id, email: `${id}@example.com`, email_verified: true };
};
const back = { site: 'cross-site' } as const;
const list = '{ identities { nodes { id provider viewerCanUnlink } } }';
const unlink = 'mutation ($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { identityId } }';
type Listed = { id: string; provider: string; viewerCanUnlink: boolean }[];
const identitiesOf = async (viewer: Entered): Promise<Listed> => (await f.call(viewer, list)).data.identities.nodes;

/** Somebody who has registered with a password, and is signed in in a browser by the cookie. */
async function member(verified = true) {
  const person = await f.person('Ada', `${newId()}@example.com`);
  if (verified) await f.pool.query('update "user" set email_verified_at = now() where id = $1', [person.userId]);
  const browser = f.browser();
  await browser.post(`${app}/auth/refresh`, { refreshToken: person.refreshToken, cookie: true });
  return { person, browser, viewer: await f.entered(browser) };
}

/** Asks to link an identity of `provider` as the application does, and returns where it would send the browser. */
async function ask(browser: Browser, provider = 'acme', body: object = {}) {
  const response = await browser.post(`${app}/auth/link/${provider}`, body);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  const answer = (await response.json()) as any;
  return { status: response.status, code: answer.errors?.[0].extensions.code, url: answer.url as string };
}

/** Links what `person` has at acme, and returns where the browser ends up. */
async function link(browser: Browser, person: ReturnType<typeof stranger>) {
  const { url } = await ask(browser, 'acme', { returnTo: '/settings' });
  // Whoever was signed in there before is not any more.
  browser.forget(f.acme.issuer);
  f.acme.person = person;
  return (await browser.open(url, back)).url.slice(app.length);
}

describe('linking', () => {
  it('adds an identity with any address, in the session that goes on, and tells by e-mail', async () => {
    const { person, browser, viewer } = await member();
    const own = stranger();
    const sessions = () => f.pool.query('select count(*)::int from session where user_id = $1', [person.userId]);
    const { rows: before } = await sessions();
    expect(await link(browser, own)).toBe('/settings');
    expect((await sessions()).rows).toEqual(before);
    expect(await identitiesOf(viewer)).toMatchObject([{ provider: 'acme', viewerCanUnlink: true }]);
    const [letter] = await f.letters('IDENTITY_LINKED');
    expect(letter.to.address).toBe(person.email);
    expect(letter.lines.join()).toContain(own.email);

    const elsewhere = f.browser();
    expect(await f.signIn(elsewhere, own)).toBe('/');
    expect((await f.entered(elsewhere)).userId).toBe(person.userId);
    // Again, it changes nothing.
    expect(await link(browser, own)).toBe('/settings');
    expect(await identitiesOf(viewer)).toHaveLength(1);
  });

  it('needs a session: a refresh token that is live and was not used', async () => {
    const { person, browser } = await member();
    expect(await ask(f.browser())).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    for (const refreshToken of [person.refreshToken, 'x', 'x'.repeat(43)])
      expect(await ask(f.browser(), 'acme', { refreshToken })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await ask(browser)).toMatchObject({ status: 200 });
    expect(await ask(browser, 'nobody')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await ask(browser, 'other')).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(await ask(browser, 'acme', { returnTo: '//evil.example' })).toMatchObject({ code: 'BAD_USER_INPUT' });
    await browser.post(`${app}/auth/logout`, {});
    expect(await ask(browser)).toMatchObject({ status: 401 });
  });

  it('is for the browser that has asked: nobody gets an identity linked to the account of who sends a link', async () => {
    const attacker = await member();
    const { url } = await ask(attacker.browser);
    const victim = stranger();
    const browser = f.browser();
    await f.signIn(browser, victim);
    const before = await f.all();
    expect((await browser.open(url, back)).url).toBe(`${app}/?error=LOGIN_EXPIRED`);
    expect(await f.all()).toEqual(before);
  });

  it('comes to nothing when the session has ended meanwhile, or the person was suspended', async () => {
    for (const [end, code] of [
      ["update session set ended_at = now(), end_reason = 'REVOKED' where user_id = $1", 'UNAUTHENTICATED'],
      ['update "user" set suspended_at = now() where id = $1', 'SUSPENDED'],
    ] as const) {
      const { person, browser } = await member();
      const { url } = await ask(browser);
      await f.pool.query(end, [person.userId]);
      const before = await f.all();
      f.acme.person = stranger();
      expect((await browser.open(url, back)).url).toBe(`${app}/?error=${code}`);
      expect(await f.all()).toEqual(before);
    }
  });

  it('is not for an account with an address that nobody has verified: its owner would not be alone in it', async () => {
    const { browser } = await member(false);
    const before = await f.all();
    expect(await link(browser, stranger())).toBe('/settings?error=EMAIL_UNVERIFIED');
    expect(await f.all()).toEqual(before);
  });

  it('does not take an identity from another account, of two at once either', async () => {
    const own = stranger();
    await f.signIn(f.browser(), own);
    const { browser } = await member();
    expect(await link(browser, own)).toBe('/settings?error=IDENTITY_TAKEN');

    const two = await Promise.all([member(), member()]);
    const contested = stranger();
    const ends = await Promise.all(two.map((one) => link(one.browser, contested)));
    expect(ends.sort()).toEqual(['/settings', '/settings?error=IDENTITY_TAKEN']);
  });
});

describe('unlinking', () => {
  const code = async (viewer: Entered, id: string) =>
    (await f.call(viewer, unlink, { input: { id } })).errors?.[0]?.extensions.code ?? 'ok';

  it('leaves a password', async () => {
    const { browser, viewer, person } = await member();
    const own = stranger();
    await link(browser, own);
    const [identity] = await identitiesOf(viewer);
    expect(await code(viewer, identity?.id as string)).toBe('ok');
    expect(await identitiesOf(viewer)).toEqual([]);
    expect(await code(viewer, identity?.id as string)).toBe('NOT_FOUND');
    // The letter about it isn't wanted any more.
    expect((await f.letters('IDENTITY_LINKED'))[0]).toBeNull();
    // What it leads to now is another account, of its own address.
    const elsewhere = f.browser();
    await f.signIn(elsewhere, own);
    expect((await f.entered(elsewhere)).userId).not.toBe(person.userId);
  });

  it('never leaves nothing, of two at once either', async () => {
    const browser = f.browser();
    await f.signIn(browser, stranger());
    const viewer = await f.entered(browser);
    const [only] = await identitiesOf(viewer);
    expect(only?.viewerCanUnlink).toBe(false);
    expect(await code(viewer, only?.id as string)).toBe('LAST_WAY_IN');

    await link(browser, stranger());
    const both = await identitiesOf(viewer);
    expect(both.map(({ viewerCanUnlink }) => viewerCanUnlink)).toEqual([true, true]);
    expect((await Promise.all(both.map(({ id }) => code(viewer, id)))).sort()).toEqual(['LAST_WAY_IN', 'ok']);
    expect(await identitiesOf(viewer)).toMatchObject([{ viewerCanUnlink: false }]);
  });

  it('does not count an identity whose provider is configured no more', async () => {
    const browser = f.browser();
    await f.signIn(browser, stranger());
    const viewer = await f.entered(browser);
    const [only] = await identitiesOf(viewer);
    await f.pool.query(
      `insert into identity (id, user_id, provider, issuer, subject, created_at, last_used_at)
       values ($1, $2, 'gone', 'https://gone.example/', 'a', now(), now())`,
      [newId(), viewer.userId],
    );
    expect(await code(viewer, only?.id as string)).toBe('LAST_WAY_IN');
  });

  it('is for the person, signed in', async () => {
    const browser = f.browser();
    await f.signIn(browser, stranger());
    const viewer = await f.entered(browser);
    const [identity] = await identitiesOf(viewer);
    const { viewer: other } = await member();
    expect(await identitiesOf(other)).toEqual([]);
    expect(await code(other, identity?.id as string)).toBe('NOT_FOUND');
    expect(await code({ ...viewer, scope: 'admin' } as Entered, identity?.id as string)).toBe('FORBIDDEN');
    expect(await code(viewer, 'nonsense')).toBe('BAD_USER_INPUT');
  });

  it('lists page by page, the latest first', async () => {
    const { browser, viewer } = await member();
    for (let one = 0; one < 3; one += 1) await link(browser, stranger());
    const page =
      'query ($after: String) { identities(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }';
    const first = (await f.call(viewer, page)).data.identities;
    const second = (await f.call(viewer, page, { after: first.pageInfo.endCursor })).data.identities;
    const all = await identitiesOf(viewer);
    expect([...first.nodes, ...second.nodes]).toEqual(all.map(({ id }) => ({ id })));
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });
});

it('a deleted account takes its identities along, and the person can come anew', async () => {
  const browser = f.browser();
  const own = stranger();
  await f.signIn(browser, own);
  const { userId } = await f.entered(browser);
  await f.pool.query('delete from "user" where id = $1', [userId]);
  const { rows } = await f.pool.query('select from identity where user_id = $1 or subject = $2', [userId, own.sub]);
  expect(rows).toEqual([]);
  const again = f.browser();
  expect(await f.signIn(again, own)).toBe('/');
  expect((await f.entered(again)).userId).not.toBe(userId);
});
