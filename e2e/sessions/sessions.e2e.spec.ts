import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { ask, password } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system?.remove());

const tokens = 'accessToken refreshToken session { id }';
type Session = { accessToken: string; refreshToken: string; session: { id: string } };

/** Registers somebody with two sessions. */
async function person() {
  const email = `${newId()}@example.com`;
  const { data } = await ask(
    system,
    `mutation ($register: RegisterInput!, $login: LoginInput!) {
      first: register(input: $register) { ${tokens} } second: login(input: $login) { ${tokens} }
    }`,
    { register: { email, password, name: 'Ada' }, login: { email, password } },
    { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
  );
  return { first: data.first as Session, second: data.second as Session };
}

const as = ({ accessToken }: { accessToken: string }, query: string, variables = {}) =>
  ask(system, query, variables, { authorization: `Bearer ${accessToken}` });

/** Posts to a plain route of the gateway. */
async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(path, system.urls.graphql), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a scenario reads what it asked for
  const answer = (await response.json()) as any;
  return { status: response.status, answer, cookie: response.headers.getSetCookie()[0] };
}

const revoke = 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { session { id } } }';

/** Ends the second session by the first, and waits until its token is refused. Returns how long that took, in ms. */
async function endOther({ first, second }: Awaited<ReturnType<typeof person>>): Promise<number> {
  expect((await as(second, '{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
  expect((await as(first, revoke, { id: second.session.id })).errors).toBeUndefined();
  const since = performance.now();
  await waitFor(async () => (await as(second, '{ me { id } }')).errors?.[0]?.extensions.reason === 'REVOKED', {
    everyMs: 20,
  });
  expect((await as(first, '{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
  return performance.now() - since;
}

it('goes on over refreshes, by body and by cookie, through the gateway', async () => {
  const { first } = await person();
  const { answer } = await post('/auth/refresh', { refreshToken: first.refreshToken });
  expect((await as(answer, '{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
  const browser = await post('/auth/refresh', { refreshToken: answer.refreshToken, cookie: true });
  const cookie = browser.cookie?.split(';')[0] as string;
  const own = { cookie, 'x-requested-with': 'taskgraph', 'sec-fetch-site': 'same-origin' };
  const next = await post('/auth/refresh', {}, own);
  expect(next.status).toBe(200);
  const { data } = await as(next.answer, '{ sessions { nodes { device ip current } } }');
  expect(data.sessions.nodes).toEqual([
    { device: 'Firefox on Linux', ip: '127.0.0.1', current: false },
    { device: 'Firefox on Linux', ip: '127.0.0.1', current: true },
  ]);
});

it('is refused to a page of another site, which can neither refresh nor log out', async () => {
  const { first } = await person();
  const { cookie } = await post('/auth/refresh', { refreshToken: first.refreshToken, cookie: true });
  const headers = { cookie: cookie?.split(';')[0] as string, 'x-requested-with': 'x' };
  for (const foreign of [
    { ...headers, 'sec-fetch-site': 'cross-site' },
    { ...headers, origin: 'https://evil.example' },
    { cookie: headers.cookie },
  ]) {
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const { status, answer } = await post(path, {}, foreign);
      expect([status, answer.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    }
  }
  expect((await post('/auth/refresh', {}, headers)).status).toBe(200);
});

describe('ended, it is refused within two seconds', () => {
  it('when all is well', async () => {
    expect(await endOther(await person())).toBeLessThan(2_000);
  });

  it('after Redis was wiped, and stays refused over it', async () => {
    const redis = new Redis(system.urls.redis);
    try {
      const before = await person();
      await endOther(before);
      await redis.flushall();
      expect((await as(before.second, '{ me { id } }')).errors?.[0]?.extensions.reason).toBe('REVOKED');
      expect(await endOther(await person())).toBeLessThan(2_000);
    } finally {
      redis.disconnect();
    }
  });

  it('while NATS is away', async () => {
    const people = await person();
    await system.servers.nats?.stop();
    try {
      expect(await endOther(people)).toBeLessThan(2_000);
    } finally {
      await system.servers.nats?.start();
    }
  });
});
