import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { createBrowser } from '#platform/testing/createBrowser.ts';
import { type OidcServer, startOidcServer } from '#platform/testing/startOidcServer.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { keepSignedIn, loginUrl } from '../../sdk/src/index.ts';
import { ask } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

const scope = testScope();
let oidc: OidcServer;
let system: TestSystem;
/** Where the application is, and the gateway: `http://localhost:<port>`. */
let app: string;

beforeAll(async () => {
  oidc = await startOidcServer(scope);
  const { issuer, clientId, clientSecret } = oidc;
  system = await startTestSystem({
    env: { users: { LOGIN_PROVIDERS: JSON.stringify([{ name: 'acme', issuer, clientId, clientSecret }]) } },
  });
  app = `http://localhost:${new URL(system.urls.graphql).port}`;
  oidc.register(`${app}/auth/callback/acme`);
});
afterAll(() => system?.remove());

const person = () => {
  const sub = newId();
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Grace Hopper' };
};

it('signs somebody in through the gateway, who goes on with the cookie as after a password', async () => {
  oidc.person = person();
  const browser = createBrowser(app);
  const start = loginUrl({ url: `${app}/graphql`, provider: 'acme', returnTo: '/boards?open=1' });
  expect((await browser.open(start)).url).toBe(`${app}/boards?open=1`);

  const signedIn = keepSignedIn({
    url: `${app}/graphql`,
    fetch: (target, { body } = {}) => browser.post(String(target), JSON.parse(String(body))),
  });
  const authorization = `Bearer ${await signedIn.token()}`;
  const query = '{ me { name email emailVerified hasPassword } sessions { nodes { device ip current } } }';
  const { data } = await ask(system, query, {}, { authorization });
  expect(data).toEqual({
    me: { name: 'Grace Hopper', email: oidc.person.email, emailVerified: true, hasPassword: false },
    sessions: { nodes: [{ device: 'Firefox on Linux', ip: '127.0.0.1', current: true }] },
  });

  // Another identity, of the session that goes on.
  const url = await signedIn.linkUrl('acme', '/settings');
  browser.forget(oidc.issuer);
  oidc.person = person();
  expect((await browser.open(url, { site: 'cross-site' })).url).toBe(`${app}/settings`);
  const linked = await ask(system, '{ identities { nodes { email } } }', {}, { authorization });
  expect(linked.data.identities.nodes).toHaveLength(2);
});

it('brings back documented codes, to the application only, and writes no secret of a login into the log', async () => {
  const browser = createBrowser(app);
  oidc.person = null;
  expect((await browser.open(`${app}/auth/login/acme?returnTo=/in`)).url).toBe(`${app}/in?error=LOGIN_DENIED`);
  const stale = await browser.open(`${app}/auth/callback/acme?code=stolen&state=guessed`, { site: 'cross-site' });
  expect(stale.url).toBe(`${app}/?error=LOGIN_EXPIRED`);
  expect(await browser.open(`${app}/auth/login/acme?returnTo=//evil.example`)).toMatchObject({ status: 400 });
  expect(await browser.open(`${app}/auth/login/nobody`)).toMatchObject({ status: 404 });

  oidc.person = person();
  const until = ({ pathname }: URL) => pathname.startsWith('/auth/callback/');
  const back = new URL((await browser.open(`${app}/auth/login/acme`, { until })).url);
  oidc.forge = () => 'a.b.c';
  expect((await browser.open(back, { site: 'cross-site' })).url).toBe(`${app}/?error=LOGIN_FAILED`);
  oidc.forge = undefined;
  const logged = JSON.stringify(system.logs);
  expect(logged).toContain('A login with a provider has failed');
  for (const name of ['code', 'state']) expect(logged).not.toContain(back.searchParams.get(name));
  expect(logged).not.toContain(oidc.clientSecret);
});
