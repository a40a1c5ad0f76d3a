import { expect } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Scope } from '#platform/service/scope.ts';
import { type Browser, createBrowser } from '#platform/testing/createBrowser.ts';
import { type OidcPerson, type OidcServer, startOidcServer } from '#platform/testing/startOidcServer.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { type Github, startGithub } from './startGithub.ts';

/** Where the application is, in these tests: nowhere. What is under /auth there goes to the subgraph as the gateway passes it on. */
export const app = 'http://app.test';

/** Who somebody is in a browser that has signed in. */
export type Entered = { userId: string; sessionId: string; accessToken: string };

/** The users subgraph with providers that people can sign in with, and browsers. */
export type Social = Fixture & {
  /** The provider `acme`. Nobody answers for the provider `other`. */
  acme: OidcServer;
  github: Github;
  /** A browser of somebody at this address, with nothing in it. */
  browser(address?: string): Browser;
  /** Signs somebody in with acme. Where the browser ended up, without the application's origin. */
  signIn(browser: Browser, person: OidcPerson | null, path?: string): Promise<string>;
  /** Does the same until the browser would come back, and returns with what. */
  comeBack(browser: Browser, person: OidcPerson, provider?: string): Promise<URL>;
  /** Who is signed in there, by the cookie. */
  entered(browser: Browser): Promise<Entered>;
  /** How many identities and spent logins there are, and all else that a login could write. */
  all(): Promise<Record<string, number>>;
};

/** Starts it. */
export async function startSocial(
  scope: Scope,
  { env, inIdToken = false }: { env?: Record<string, string>; inIdToken?: boolean } = {},
): Promise<Social> {
  const [acme, github] = await Promise.all([startOidcServer(scope, { inIdToken }), startGithub(scope)]);
  acme.register(`${app}/auth/callback/acme`);
  const { issuer, clientId, clientSecret } = acme;
  const { url, apiUrl, clientId: githubId, clientSecret: githubSecret } = github;
  const providers = [
    { name: 'acme', label: 'Acme', issuer, clientId, clientSecret },
    { name: 'other', issuer: 'http://127.0.0.1:9', clientId, clientSecret },
    { name: 'github', type: 'github', url, apiUrl, clientId: githubId, clientSecret: githubSecret },
  ];
  const fixture = await startFixture(scope, {
    env: { APP_URL: app, LOGIN_PROVIDERS: JSON.stringify(providers), ...env },
  });

  return {
    ...fixture,
    acme,
    github,
    browser: (address = '127.0.0.1') => createBrowser(app, throughGateway(fixture.url, address)),
    async signIn(browser, person, path = '/auth/login/acme') {
      acme.person = person;
      const { url: end } = await browser.open(app + path);
      expect(end).toMatch(/^http:\/\/app\.test\//);
      return end.slice(app.length);
    },
    async comeBack(browser, person, provider = 'acme') {
      acme.person = person;
      const until = ({ pathname }: URL) => pathname.startsWith('/auth/callback/');
      const { url: back } = await browser.open(`${app}/auth/login/${provider}`, { until });
      expect(back).toContain('/auth/callback/');
      return new URL(back);
    },
    async entered(browser) {
      const response = await browser.post(`${app}/auth/refresh`, {});
      expect(response.status).toBe(200);
      const { accessToken, sessionId } = (await response.json()) as Omit<Entered, 'userId'>;
      return { userId: (jwt.decode(accessToken) as jwt.JwtPayload).sub as string, sessionId, accessToken };
    },
    async all() {
      const { rows } = await fixture.pool.query('select count(*)::int as identities from identity');
      return { ...rows[0], ...(await fixture.written()) };
    },
  };
}

/** fetch, but what is for the application goes to the subgraph, signed as the gateway signs it. */
function throughGateway(users: string, address: string): typeof fetch {
  const keys = parseCallKeys(undefined, false);
  return async (target, options = {}) => {
    const url = new URL(String(target));
    if (url.origin !== app) return fetch(url, options);
    const given = options.headers as Record<string, string>;
    const body = String(options.body ?? '');
    const signed = signCall({
      ...{ keys, caller: 'gateway', callee: 'users', path: url.pathname + url.search, viewer: null },
      ...{ clientAddress: address, userAgent: given['user-agent'], body, mutation: true },
    });
    const { cookie } = given;
    return fetch(users + url.pathname + url.search, {
      ...options,
      headers: { 'content-type': 'application/json', ...(cookie && { cookie }), ...signed },
    });
  };
}
