import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { callSubgraph, testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newEmail = () => `attempt${++counter}@example.com`;

beforeAll(async () => {
  users = await startFixture(scope, { env: { LOGINS_PER_ADDRESS: '20' } });
});

const wrong = 'wrong horse battery';
const aliased = (count: number, email: string, guess: string) =>
  `mutation { ${Array.from({ length: count }, (_, n) => `a${n}: login(input: { email: "${email}", password: "${guess}" }) { accessToken }`).join(' ')} }`;

async function attempt(email: string, guess: string, clientAddress?: string) {
  const query = `mutation ($input: LoginInput!) { login(input: $input) { accessToken } }`;
  const variables = { input: { email, password: guess } };
  const { errors } = await callSubgraph({
    url: users.url,
    callee: 'users',
    query,
    variables,
    clientAddress: clientAddress ?? '',
  });
  return (errors?.[0]?.extensions ?? { code: 'ok' }) as { code: string; retryAfter?: number };
}

const count = (codes: { code: string }[], code: string) => codes.filter((one) => one.code === code).length;
/** Ten may be tried. Once four were wrong the next has to wait, so of many at once it may be fewer, as the machine is fast or slow. */
function expectTenAtMost(codes: { code: string }[], most = 10): void {
  const tried = count(codes, 'INVALID_CREDENTIALS');
  expect(tried).toBeLessThanOrEqual(most);
  expect(tried).toBeGreaterThanOrEqual(3);
  expect(tried + count(codes, 'TOO_BUSY')).toBe(codes.length);
}

describe('an account', () => {
  it('takes ten wrong passwords at most, however many come at once, and then not even the right one', async () => {
    const { email } = await users.person('Ada', newEmail());
    const answers = await Promise.all(Array.from({ length: 40 }, () => attempt(email, wrong)));
    expectTenAtMost(answers);
    expect(await attempt(email, password)).toEqual({ code: 'TOO_BUSY', retryAfter: expect.any(Number) });
  });

  it('counts aliases one by one: the first that is wrong ends the request', async () => {
    const { email } = await users.person('Ada', newEmail());
    const { errors } = await users.call(null, aliased(30, email, wrong));
    expect(errors).toHaveLength(1);
    const codes = await Promise.all(Array.from({ length: 20 }, () => attempt(email, wrong)));
    expectTenAtMost(codes, 9);
  });

  it('is the same in capitals, with white space and in compatibility characters', async () => {
    const { email } = await users.person('Ada', newEmail());
    const forms = [email, email.toUpperCase(), ` ${email} `, email.replace('a', 'ａ')];
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => attempt(forms[n % 4] as string, wrong)));
    expect(count(answers, 'INVALID_CREDENTIALS')).toBeLessThanOrEqual(10);
  });

  it('that does not exist behaves the same', async () => {
    const email = newEmail();
    const answers = await Promise.all(Array.from({ length: 40 }, () => attempt(email, wrong)));
    expectTenAtMost(answers);
  });

  it('makes each wrong one wait longer, and forgets at the right one', async () => {
    const { email } = await users.person('Ada', newEmail());
    for (let time = 0; time < 4; time += 1) expect((await attempt(email, wrong)).code).toBe('INVALID_CREDENTIALS');
    expect(await attempt(email, password)).toEqual({ code: 'TOO_BUSY', retryAfter: 1 });
    await waitFor(async () => (await attempt(email, wrong)).code === 'INVALID_CREDENTIALS', { everyMs: 100 });
    expect(await attempt(email, password)).toEqual({ code: 'TOO_BUSY', retryAfter: 2 });
    await waitFor(async () => (await attempt(email, password)).code === 'ok', { everyMs: 100 });
    expect((await attempt(email, password)).code).toBe('ok');
  });

  it('is not tried out by registering it again, either', async () => {
    const input = { id: newId(), email: newEmail(), password, name: 'Ada' };
    const query = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }';
    await users.call(null, query, { input });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => users.call(null, query, { input: { ...input, password: wrong } })),
    );
    const codes = answers.map(({ errors }) => ({ code: errors?.[0]?.extensions.code ?? 'ok' }));
    expect([count(codes, 'ID_TAKEN'), count(codes, 'TOO_BUSY')]).toEqual([10, 20]);
  });

  it('takes any number of right ones', async () => {
    const { email } = await users.person('Ada', newEmail());
    for (let time = 0; time < 12; time += 1) expect((await attempt(email, password)).code).toBe('ok');
  });
});

describe('a client address', () => {
  it('may try so many wrong ones over all accounts', async () => {
    const from = async (address: string) =>
      count(
        await Promise.all(Array.from({ length: 30 }, () => attempt(newEmail(), wrong, address))),
        'INVALID_CREDENTIALS',
      );
    expect(await from('203.0.113.1')).toBe(20);
    expect(await from('203.0.113.2')).toBe(20);
    // One subscriber has all addresses of a /64.
    expect((await from('2001:db8:0:1::1')) + (await from('2001:db8:0:1:ffff::2'))).toBe(20);
    expect(await from('2001:db8:0:2::1')).toBe(20);
  });
});

describe('a client address that has used up what it has', () => {
  it("uses up nobody's account, and writes nothing down", async () => {
    const { email } = await users.person('Ada', newEmail());
    const attacker = '203.0.113.77';
    for (let time = 0; time < 20; time += 1)
      expect((await attempt(newEmail(), wrong, attacker)).code).toBe('INVALID_CREDENTIALS');
    const rows = async () => (await users.pool.query('select count(*)::int as n from password_attempt')).rows[0].n;
    const before = await rows();
    const codes = [];
    for (let time = 0; time < 15; time += 1) codes.push((await attempt(email, wrong, attacker)).code);
    for (let time = 0; time < 15; time += 1) codes.push((await attempt(newEmail(), wrong, attacker)).code);
    expect(new Set(codes)).toEqual(new Set(['TOO_BUSY']));
    expect(await rows()).toBe(before);
    expect((await attempt(email, wrong, '198.51.100.1')).code).toBe('INVALID_CREDENTIALS');
    expect((await attempt(email, password, '198.51.100.1')).code).toBe('ok');
  });

  it('is not used up by what an account refuses', async () => {
    const { email } = await users.person('Ada', newEmail());
    const own = '203.0.113.78';
    await attempt(email, wrong, own);
    await users.pool.query("update password_attempt set count = 10, until = now() + interval '1 minute'");
    for (let time = 0; time < 25; time += 1) expect((await attempt(email, wrong, own)).code).toBe('TOO_BUSY');
    expect((await attempt(newEmail(), wrong, own)).code).toBe('INVALID_CREDENTIALS');
  });
});

describe('while Redis is away', () => {
  it('attempts are counted all the same', async () => {
    const own = await startFixture(scope);
    const email = newEmail();
    await own.person('Ada', email);
    await own.redis.stop();
    const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
    const send = async (guess: string) =>
      (await own.call(null, query, { input: { email, password: guess } })).errors?.[0]?.extensions.code ?? 'ok';
    expect(await send(password)).toBe('ok');
    const codes = await Promise.all(Array.from({ length: 30 }, () => send(wrong)));
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS').length).toBeLessThanOrEqual(10);
    expect(codes).toContain('TOO_BUSY');
  });

  it('replicas hold the ten together, and one that has just started as well', async () => {
    const first = await startFixture(scope);
    const others = [await startFixture(scope, { databaseUrl: first.databaseUrl })];
    const email = newEmail();
    await first.person('Ada', email);
    await first.redis.stop();
    for (const other of others) await other.redis.stop();
    const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
    const send = async (to: Fixture, guess: string) =>
      (await to.call(null, query, { input: { email, password: guess } })).errors?.[0]?.extensions.code ?? 'ok';
    // Right ones count for nothing.
    for (let time = 0; time < 12; time += 1) expect(await send(first, password)).toBe('ok');
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => send([first, ...others][n % 2] as Fixture, wrong)),
    );
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS').length).toBeLessThanOrEqual(10);
    // As if nobody had waited between them: the pauses are of a process.
    await first.pool.query('update password_attempt set count = 10');
    const late = await startFixture(scope, { databaseUrl: first.databaseUrl });
    expect(await send(late, password)).toBe('TOO_BUSY');
    await first.pool.query("update password_attempt set until = now() - interval '1 second'");
    expect(await send(late, password)).toBe('ok');
    const { rows } = await first.pool.query('select account from password_attempt');
    expect(JSON.stringify(rows)).not.toContain('example.com');
  });
});
