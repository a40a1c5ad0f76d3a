import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import type { Forge } from '#platform/testing/startOidcServer.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { createFlows } from '../src/flows.ts';
import { developmentSigningKey } from '../src/keys/signingKeyPair.ts';
import { app, type Social, startSocial } from './socialFixture.ts';

const scope = testScope();
let f: Social;
beforeAll(async () => {
  f = await startSocial(scope);
}, 60_000);
afterEach(() => {
  f.acme.forge = undefined;
  f.acme.failing = undefined;
});

const stranger = () => {
  const id = newId();
  return { sub: id, email: `${id}@example.com`, email_verified: true };
};
const refused = (code: string) => `${app}/?error=${code}`;
/** Comes back as a redirect of the provider's does. */
const back = { site: 'cross-site' } as const;
const flows = createFlows(developmentSigningKey());
const loginCookieOf = (header: string) => /taskgraph_login=([^;]+)/.exec(header)?.[1] ?? '';

/** Asserts that nothing is written, and that the provider is asked for nothing, while this is done. */
async function nothingComesOf(work: () => Promise<unknown>, asked: string[] = []): Promise<void> {
  const before = await f.all();
  f.acme.asked.length = 0;
  await work();
  expect(await f.all()).toEqual(before);
  expect(f.acme.asked).toEqual(asked);
}

describe('state', () => {
  it('is wanted, once and as it was: whatever else comes leaves the login as it is', async () => {
    const browser = f.browser();
    const url = await f.comeBack(browser, stranger());
    const other = await f.comeBack(f.browser(), stranger());
    await nothingComesOf(async () => {
      for (const change of [
        (query: URLSearchParams) => query.delete('state'),
        (query: URLSearchParams) => query.set('state', ''),
        (query: URLSearchParams) => query.append('state', query.get('state') as string),
        (query: URLSearchParams) => query.set('state', other.searchParams.get('state') as string),
      ]) {
        const wrong = new URL(url);
        change(wrong.searchParams);
        expect((await browser.open(wrong, back)).url).toBe(refused('LOGIN_EXPIRED'));
      }
    });
    expect((await browser.open(url, back)).url).toBe(`${app}/`);
  });

  it('is that of the browser: nobody is signed in as somebody else by a link (login CSRF)', async () => {
    const attack = await f.comeBack(f.browser(), stranger());
    const [fresh, busy] = [f.browser(), f.browser()];
    const own = await f.comeBack(busy, stranger());
    await nothingComesOf(async () => {
      expect((await fresh.open(attack, back)).url).toBe(refused('LOGIN_EXPIRED'));
      expect((await busy.open(attack, back)).url).toBe(refused('LOGIN_EXPIRED'));
    });
    expect((await busy.open(own, back)).url).toBe(`${app}/`);
  });

  it('comes back once, also of twenty at once, and with the cookie kept', async () => {
    const browser = f.browser();
    const url = await f.comeBack(browser, stranger());
    const cookie = browser.cookies(url);
    const copies = Array.from({ length: 20 }, () => f.browser());
    for (const copy of copies) copy.keep(app, [`${cookie}; Path=/`]);
    const ends = await Promise.all(copies.map((copy) => copy.open(url, back)));
    expect(ends.map(({ url: end }) => end).sort()).toEqual([
      `${app}/`,
      ...Array.from({ length: 19 }, () => refused('LOGIN_EXPIRED')),
    ]);
    await nothingComesOf(async () => {
      expect((await browser.open(url, back)).url).toBe(refused('LOGIN_EXPIRED'));
    });
  });

  it('expires after ten minutes, and is sealed', async () => {
    const browser = f.browser();
    const url = await f.comeBack(browser, stranger());
    const sealed = loginCookieOf(browser.cookies(url));
    const flow = flows.open(sealed);
    if (!flow) throw new Error('The cookie is not ours');
    expect(flow.expiresAt - Date.now()).toBeGreaterThan(590_000);
    expect(flow.expiresAt - Date.now()).toBeLessThanOrEqual(600_000);
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    await nothingComesOf(async () => {
      for (const wrong of [
        flows.seal({ ...flow, expiresAt: Date.now() }),
        bytes.toString('base64url'),
        sealed.slice(0, 20),
        Buffer.from(JSON.stringify(flow)).toString('base64url'),
        '',
      ]) {
        const late = f.browser();
        late.keep(app, [`taskgraph_login=${wrong}; Path=/`]);
        expect((await late.open(url, back)).url).toBe(refused('LOGIN_EXPIRED'));
      }
    });
  });
});

describe('PKCE', () => {
  it("makes somebody else's code good for nothing in a login of one's own", async () => {
    const victim = await f.comeBack(f.browser(), stranger());
    const browser = f.browser();
    const own = await f.comeBack(browser, stranger());
    own.searchParams.set('code', victim.searchParams.get('code') as string);
    await nothingComesOf(async () => {
      expect((await browser.open(own, back)).url).toBe(refused('LOGIN_FAILED'));
    }, ['/token']);
  });

  it('and a code that was used before, too', async () => {
    const browser = f.browser();
    const first = await f.comeBack(browser, stranger());
    await browser.open(first, back);
    const second = await f.comeBack(browser, stranger());
    second.searchParams.set('code', first.searchParams.get('code') as string);
    await nothingComesOf(async () => {
      expect((await browser.open(second, back)).url).toBe(refused('LOGIN_FAILED'));
    }, ['/token']);
  });
});

describe('of providers that are mixed up', () => {
  it("one's answer is none to a login with another", async () => {
    const browser = f.browser();
    const url = await f.comeBack(browser, stranger());
    await nothingComesOf(async () => {
      for (const name of ['other', 'github']) {
        const wrong = new URL(url.href.replace('/callback/acme', `/callback/${name}`));
        expect((await browser.open(wrong, back)).url).toBe(refused('LOGIN_EXPIRED'));
      }
    });
  });

  it('the answer has to name the issuer (RFC 9207), or the code goes nowhere', async () => {
    for (const iss of ['https://evil.example', '', null]) {
      const browser = f.browser();
      const url = await f.comeBack(browser, stranger());
      expect(url.searchParams.get('iss')).toBe(f.acme.issuer);
      if (iss === null) url.searchParams.delete('iss');
      else url.searchParams.set('iss', iss);
      await nothingComesOf(async () => {
        expect((await browser.open(url, back)).url).toBe(refused('LOGIN_FAILED'));
      });
    }
  });
});

describe('the id token', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const foreign = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const another =
    (more: object): Forge =>
    ({ claims, sign }) =>
      sign({ ...claims, ...more });

  it('holds when it is only signed again', async () => {
    f.acme.forge = another({});
    const browser = f.browser();
    expect((await browser.open(await f.comeBack(browser, stranger()), back)).url).toBe(`${app}/`);
  });

  const now = Math.floor(Date.now() / 1000);
  it.each<[string, Forge]>([
    ['is for another client', another({ aud: 'somebody else' })],
    ['is for several, and another one asked for it', another({ aud: ['taskgraph', 'b'], azp: 'b' })],
    ['is of another login', another({ nonce: 'another' })],
    ['names no login', another({ nonce: undefined })],
    ['is of another issuer', another({ iss: 'https://evil.example' })],
    ['has expired', another({ iat: now - 7200, exp: now - 3600 })],
    ['names nobody', another({ sub: undefined })],
    ['is signed by somebody else', ({ claims, sign }) => sign(claims, { key: foreign })],
    ['is signed with a key that is not published', ({ claims, sign }) => sign(claims, { key: foreign, kid: 'new' })],
    [
      'is signed with the secret of the client',
      ({ claims, sign }) => sign(claims, { key: f.acme.clientSecret, algorithm: 'HS256' }),
    ],
    ['is not signed', ({ claims }) => `${encode({ alg: 'none', kid: 'own' })}.${encode(claims)}.`],
    [
      'was changed',
      ({ claims, sign }) => sign(claims).replace(/\.[^.]+\./, `.${encode({ ...claims, sub: 'admin' })}.`),
    ],
    ['is no token', () => 'a.b.c'],
  ])('is refused when it %s', async (_name, forge) => {
    f.acme.forge = forge;
    const browser = f.browser();
    const url = await f.comeBack(browser, stranger());
    const before = await f.all();
    f.acme.asked.length = 0;
    const end = await browser.open(url, back);
    expect([end.url, f.acme.asked.includes('/me')]).toEqual([refused('LOGIN_FAILED'), false]);
    expect(await f.all()).toEqual(before);
    expect(browser.cookies(`${app}/auth/refresh`)).toBe('');
  });
});

describe('a provider', () => {
  it('where the person declines', async () => {
    await nothingComesOf(async () => {
      expect(await f.signIn(f.browser(), null, '/auth/login/acme?returnTo=/in')).toBe('/in?error=LOGIN_DENIED');
    });
  });

  it('that says what is wrong says it to nobody', async () => {
    const browser = f.browser();
    const url = await f.comeBack(browser, stranger());
    url.searchParams.delete('code');
    url.searchParams.set('error', 'invalid_scope<script>');
    url.searchParams.set('error_description', 'a secret detail');
    const { url: end } = await browser.open(url, back);
    expect(end).toBe(refused('LOGIN_FAILED'));
  });

  it('that is away when somebody begins, or comes back', async () => {
    expect(await f.signIn(f.browser(), stranger(), '/auth/login/other?returnTo=/in')).toBe(
      '/in?error=SERVICE_UNAVAILABLE',
    );
    for (const status of [500, 503]) {
      const browser = f.browser();
      const url = await f.comeBack(browser, stranger());
      f.acme.failing = status;
      expect((await browser.open(url, back)).url).toBe(refused('SERVICE_UNAVAILABLE'));
      f.acme.failing = undefined;
    }
  });

  it('that nobody has configured', async () => {
    for (const path of ['/auth/login/nobody', '/auth/callback/nobody?state=x']) {
      const { status, text } = await f.browser().open(app + path);
      expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
    }
  });
});

it('leads nobody anywhere but to the application', async () => {
  for (const path of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'boards',
    '/auth/login/acme',
    '/x/../auth/logout',
    '//user@app.test@evil.example/',
    `/${'é'.repeat(400)}`,
    `/${'x'.repeat(600)}`,
  ]) {
    const browser = f.browser();
    const { status, text } = await browser.open(`${app}/auth/login/acme?returnTo=${encodeURIComponent(path)}`);
    expect([path, status, JSON.parse(text).errors[0].extensions.code]).toEqual([path, 400, 'BAD_USER_INPUT']);
    expect(browser.trail).toEqual([]);
  }
});

it('is for the gateway alone', async () => {
  for (const path of ['/auth/login/acme', '/auth/callback/acme']) {
    const response = await fetch(f.url + path, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([401, null]);
  }
});

it('counts what fails as attempts of the address, before the provider is asked', async () => {
  const own = await startSocial(scope, { env: { LOGINS_PER_ADDRESS: '3' } });
  own.acme.forge = () => 'a.b.c';
  const come = async (address: string) => {
    const browser = own.browser(address);
    return (await browser.open(await own.comeBack(browser, stranger()), back)).url;
  };
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await come('203.0.113.9')).toBe(refused('LOGIN_FAILED'));
  own.acme.forge = undefined;
  own.acme.asked.length = 0;
  const end = new URL(await come('203.0.113.9'));
  expect([end.searchParams.get('error'), own.acme.asked]).toEqual(['TOO_BUSY', []]);
  expect(Number(end.searchParams.get('retryAfter'))).toBeGreaterThan(0);
  // So does what the provider proves and this refuses.
  const unverified = async () => {
    const browser = own.browser('203.0.113.11');
    const person = { ...stranger(), email_verified: false };
    return (await browser.open(await own.comeBack(browser, person), back)).url;
  };
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await unverified()).toBe(refused('EMAIL_UNVERIFIED'));
  expect(await unverified()).toContain('error=TOO_BUSY');
  // Right ones cost nothing.
  for (let attempt = 0; attempt < 5; attempt += 1) expect(await come('203.0.113.10')).toBe(`${app}/`);
});
