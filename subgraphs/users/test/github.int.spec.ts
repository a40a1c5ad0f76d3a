import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { app, type Social, startSocial } from './socialFixture.ts';
import type { GithubPerson } from './startGithub.ts';

const scope = testScope();
let f: Social;
beforeAll(async () => {
  f = await startSocial(scope);
}, 60_000);
afterEach(() => {
  f.github.failing = undefined;
});

const back = { site: 'cross-site' } as const;
let ids = 1;
function octocat(more: Partial<GithubPerson> = {}) {
  ids += 1;
  const email = `${newId()}@example.com`;
  const emails = [
    { email: `private-${email}`, primary: false, verified: true },
    { email, primary: true, verified: true },
  ];
  return { email, person: { id: ids, login: `octocat-${ids}`, name: null, emails, ...more } };
}

async function signIn(person: GithubPerson | null, browser = f.browser()) {
  f.github.person = person;
  const { url } = await browser.open(`${app}/auth/login/github`);
  return { browser, end: url.slice(app.length) };
}

/** What the browser comes back with. */
async function comeBack(person: GithubPerson, browser = f.browser()) {
  f.github.person = person;
  const until = ({ pathname }: URL) => pathname.startsWith('/auth/callback/');
  return { browser, url: new URL((await browser.open(`${app}/auth/login/github`, { until })).url) };
}

const me = '{ me { name email emailVerified hasPassword avatarUrl } identities { nodes { provider email } } }';

describe('signing in with GitHub', () => {
  it('makes an account of the primary address, and is the same person by the id from then on', async () => {
    const { email, person } = octocat({ avatar_url: 'https://avatars.example/u/1' });
    const { browser, end } = await signIn(person);
    expect(end).toBe('/');
    const viewer = await f.entered(browser);
    const { data } = await f.call(viewer, me);
    expect(data.me).toEqual({
      ...{ name: person.login, email, emailVerified: true, hasPassword: false },
      avatarUrl: person.avatar_url,
    });
    expect(data.identities.nodes).toEqual([{ provider: 'github', email }]);

    const renamed = {
      ...person,
      login: 'somebody',
      emails: [{ email: 'x@example.com', primary: true, verified: false }],
    };
    const { browser: later } = await signIn(renamed);
    expect((await f.entered(later)).userId).toBe(viewer.userId);
  });

  it('asks for the address, with PKCE', async () => {
    const { browser } = await signIn(octocat().person);
    const asked = new URL(browser.trail[0] as string).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: f.github.clientId,
      redirect_uri: `${app}/auth/callback/github`,
      scope: 'read:user user:email',
      code_challenge_method: 'S256',
    });
    expect(asked.get('client_secret')).toBeNull();
  });

  it.each<[string, GithubPerson['emails']]>([
    ['the primary address is not verified', [{ email: 'a@example.com', primary: true, verified: false }]],
    ['only another one is', [{ email: 'b@example.com', primary: false, verified: true }]],
    ['there is none', []],
  ])('is refused to somebody new when %s', async (_name, emails) => {
    const before = await f.all();
    expect((await signIn(octocat({ emails }).person)).end).toBe('/?error=EMAIL_UNVERIFIED');
    expect(await f.all()).toEqual(before);
  });

  it('leads into the account of that address, next to an identity of another provider', async () => {
    const { email, person } = octocat();
    const first = f.browser();
    await f.signIn(first, { sub: newId(), email, email_verified: true });
    const { browser } = await signIn(person);
    const viewer = await f.entered(browser);
    expect(viewer.userId).toBe((await f.entered(first)).userId);
    const { data } = await f.call(viewer, me);
    expect(data.identities.nodes.map(({ provider }: { provider: string }) => provider)).toEqual(['github', 'acme']);
  });
});

describe('refuses', () => {
  it('a person who declines', async () => {
    expect((await signIn(null)).end).toBe('/?error=LOGIN_DENIED');
  });

  it("somebody else's code, and one that was used: GitHub says so with the status 200", async () => {
    const victim = await comeBack(octocat().person);
    const own = await comeBack(octocat().person);
    own.url.searchParams.set('code', victim.url.searchParams.get('code') as string);
    const before = await f.all();
    expect((await own.browser.open(own.url, back)).url).toBe(`${app}/?error=LOGIN_FAILED`);
    expect(await f.all()).toEqual(before);
  });

  it('a wrong state, and the same answer twice', async () => {
    const { browser, url } = await comeBack(octocat().person);
    const wrong = new URL(url);
    wrong.searchParams.set('state', 'x');
    expect((await browser.open(wrong, back)).url).toBe(`${app}/?error=LOGIN_EXPIRED`);
    expect((await browser.open(url, back)).url).toBe(`${app}/`);
    expect((await browser.open(url, back)).url).toBe(`${app}/?error=LOGIN_EXPIRED`);
  });

  it('an answer that names another issuer', async () => {
    const { browser, url } = await comeBack(octocat().person);
    url.searchParams.set('iss', 'https://evil.example');
    f.github.asked.length = 0;
    expect((await browser.open(url, back)).url).toBe(`${app}/?error=LOGIN_FAILED`);
    expect(f.github.asked).toEqual([]);
  });

  it('everybody while its API is away, or says what it never says', async () => {
    const { browser, url } = await comeBack(octocat().person);
    f.github.failing = 503;
    expect((await browser.open(url, back)).url).toBe(`${app}/?error=SERVICE_UNAVAILABLE`);
    f.github.failing = undefined;
    const strange = octocat({ id: 'one' as unknown as number });
    expect((await signIn(strange.person)).end).toBe('/?error=LOGIN_FAILED');
  });
});
