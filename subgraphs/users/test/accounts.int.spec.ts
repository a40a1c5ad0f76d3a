import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const session = 'accessToken expiresAt user { id name email avatarUrl createdAt }';
const register = `mutation ($input: RegisterInput!) { register(input: $input) { ${session} } }`;
const login = `mutation ($input: LoginInput!) { login(input: $input) { ${session} } }`;

const scope = testScope();
let users: Fixture;
let counter = 0;
const newEmail = () => `person${++counter}@example.com`;

beforeAll(async () => {
  users = await startFixture(scope);
});

async function refused(code: string, query: string, input: Record<string, unknown>, fields?: string[]) {
  const before = await users.written();
  const { data, errors } = await users.call(null, query, { input });
  expect(errors?.map((error) => error.extensions.code)).toEqual([code]);
  expect(data ?? null).toBeNull();
  if (fields) {
    const problems = errors?.[0]?.extensions.fields as { path: string[] }[];
    expect([...new Set(problems.map(({ path }) => path.join('.')))]).toEqual(fields);
  }
  expect(await users.written()).toEqual(before);
  return errors?.[0];
}

describe('register', () => {
  it('writes the account and its event, and begins a session whose token the published key verifies', async () => {
    const input = { email: ' Ada@Example.COM', password, name: ' Ada Lovelace ' };
    const { data, errors } = await users.call(null, register, { input });
    expect(errors).toBeUndefined();
    const { user, accessToken, expiresAt } = data.register;
    expect(user).toMatchObject({ name: 'Ada Lovelace', email: 'ada@example.com', avatarUrl: null });

    const { keys } = (await (await fetch(`${users.url}/.well-known/jwks.json`)).json()) as { keys: never[] };
    const token = jwt.verify(accessToken, createPublicKey({ key: keys[0] as never, format: 'jwk' })) as jwt.JwtPayload;
    expect(token).toMatchObject({ iss: 'taskgraph', aud: 'taskgraph', sub: user.id, sid: expect.any(String) });
    expect(token.exp as number).toBe((token.iat as number) + 600);
    expect(new Date(expiresAt).getTime()).toBe((token.exp as number) * 1000);

    expect(await users.events(user.id)).toEqual([
      {
        type: 'users.user.registered.v1',
        version: 1,
        actor_id: user.id,
        data: { user: { id: user.id, name: 'Ada Lovelace', email: 'ada@example.com', avatarUrl: null } },
      },
    ]);
    const { rows } = await users.pool.query('select password_hash from "user" where id = $1', [user.id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses a taken address, however it is written', async () => {
    const email = newEmail();
    await users.call(null, register, { input: { email, password, name: 'Ada' } });
    await refused('EMAIL_TAKEN', register, { email: email.toUpperCase(), password, name: 'Eve' });
  });

  it('lets one of many at once have an address', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => users.call(null, register, { input: { email, password, name: 'Ada' } })),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ok').sort();
    expect(codes).toEqual([...Array(4).fill('EMAIL_TAKEN'), 'ok']);
    const { rows } = await users.pool.query(
      `select (select count(*) from "user" where email = $1)::int as users,
        (select count(*) from backbone.event where data->'user'->>'email' = $1)::int as events`,
      [email],
    );
    expect(rows).toEqual([{ users: 1, events: 1 }]);
  });

  it('with a client id is safe to repeat: the same account, another session, nothing more written', async () => {
    const input = { id: newId(), email: newEmail(), password, name: 'Ada' };
    const first = await users.call(null, register, { input });
    const before = await users.written();
    const again = await users.call(null, register, { input: { ...input, email: input.email.toUpperCase() } });
    expect(again.errors).toBeUndefined();
    expect(again.data.register.user).toEqual(first.data.register.user);
    expect(first.data.register.user.id).toBe(input.id);
    expect(await users.written()).toEqual({ ...before, sessions: (before.sessions as number) + 1 });
  });

  it.each<[string, Record<string, unknown>]>([
    ['another password', { password: 'another horse battery' }],
    ['another name', { name: 'Eve' }],
    ['another address', { email: 'somebody.else@example.com' }],
  ])('with a taken id and %s is ID_TAKEN, without data', async (_name, other) => {
    const input = { id: newId(), email: newEmail(), password, name: 'Ada' };
    await users.call(null, register, { input });
    await refused('ID_TAKEN', register, { ...input, ...other });
  });

  it("with the id that somebody else's account got from the server is ID_TAKEN", async () => {
    const { data } = await users.call(null, register, { input: { email: newEmail(), password, name: 'Ada' } });
    await refused('ID_TAKEN', register, { id: data.register.user.id, email: newEmail(), password, name: 'Ada' });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['an address that is none', { email: 'ada' }, ['input.email']],
    ['an empty address', { email: '' }, ['input.email']],
    ['an address with a Cyrillic letter', { email: '\u0430da@example.com' }, ['input.email']],
    ['an address of 255 characters', { email: `${'a'.repeat(243)}@example.com` }, ['input.email']],
    ['a short password', { password: 'x'.repeat(11) }, ['input.password']],
    ['a long password', { password: 'x'.repeat(129) }, ['input.password']],
    ['an empty name', { name: '  ' }, ['input.name']],
    ['a name of 81 characters', { name: 'x'.repeat(81) }, ['input.name']],
    ['a name with NUL', { name: 'A\0da' }, ['input.name']],
    ['an id that is none', { id: 'me' }, ['input.id']],
    ['an id of another version', { id: '5f2b7c9e-7d35-4b0e-9d4e-6c1f0a3b2d1c' }, ['input.id']],
    ['everything wrong', { email: 'x', password: 'x', name: '' }, ['input.email', 'input.password', 'input.name']],
  ])('refuses %s', async (_name, other, fields) => {
    const error = await refused(
      'BAD_USER_INPUT',
      register,
      { email: newEmail(), password, name: 'Ada', ...other },
      fields,
    );
    if ('password' in other) expect(JSON.stringify(error)).not.toContain('xxxx');
  });

  it('refuses a field that it does not know', async () => {
    await refused('BAD_USER_INPUT', register, { email: newEmail(), password, name: 'Ada', admin: true });
  });
});

describe('login', () => {
  it('begins a session, and shows people their own address', async () => {
    const ada = await users.person('Login', newEmail());
    const { data, errors } = await users.call(null, login, { input: { email: ada.email.toUpperCase(), password } });
    expect(errors).toBeUndefined();
    expect(data.login.user).toMatchObject({ id: ada.userId, email: ada.email, createdAt: expect.any(String) });
    const { sub } = jwt.decode(data.login.accessToken) as jwt.JwtPayload;
    expect(sub).toBe(ada.userId);
  });

  it('gives each login a session of its own', async () => {
    const ada = await users.person('Login', newEmail());
    const sessions = await Promise.all(
      [1, 2].map(async () => {
        const { data } = await users.call(null, login, { input: { email: ada.email, password } });
        return (jwt.decode(data.login.accessToken) as jwt.JwtPayload).sid;
      }),
    );
    expect(sessions[0]).not.toBe(sessions[1]);
  });

  it('answers the same to a wrong password, an unknown address, and what is no address', async () => {
    const ada = await users.person('Login', newEmail());
    const wrong = await refused('INVALID_CREDENTIALS', login, { email: ada.email, password: 'wrong horse battery' });
    const unknown = await refused('INVALID_CREDENTIALS', login, { email: newEmail(), password });
    const nonsense = await refused('INVALID_CREDENTIALS', login, { email: 'no\0body', password: '' });
    expect(unknown).toEqual(wrong);
    expect(nonsense).toEqual(wrong);
  });

  it('refuses oversized fields before any hashing', async () => {
    const input = { email: `${'a'.repeat(300)}@example.com`, password: 'x'.repeat(2000) };
    await refused('BAD_USER_INPUT', login, input, ['input.email', 'input.password']);
  });

  it('answers TOO_BUSY with retryAfter to a storm, and does not fall over', async () => {
    const ada = await users.person('Storm', newEmail());
    // Of many accounts: one alone would have had its attempts used up before.
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => users.call(null, login, { input: { email: newEmail(), password } })),
    );
    const refusals = answers
      .flatMap(({ errors }) => errors ?? [])
      .filter(({ extensions }) => extensions.code === 'TOO_BUSY');
    expect(refusals.length).toBeGreaterThan(0);
    // As many as may wait were looked at: a hundred, or fewer on a machine that would take too long for them.
    expect(answers.length - refusals.length).toBeGreaterThanOrEqual(20);
    for (const { extensions } of refusals) expect(extensions).toMatchObject({ retryAfter: expect.any(Number) });
    const { errors } = await users.call(null, login, { input: { email: ada.email, password } });
    expect(errors).toBeUndefined();
  });
});

describe('me', () => {
  const me = '{ me { id name email createdAt } }';

  it('is who is signed in', async () => {
    const ada = await users.person('Me', newEmail());
    const { data } = await users.call(ada, me);
    expect(data.me).toMatchObject({ id: ada.userId, name: 'Me', email: ada.email });
  });

  it('is UNAUTHENTICATED for nobody, and for an account that is gone', async () => {
    for (const viewer of [null, { userId: newId(), sessionId: newId() }]) {
      const { data, errors } = await users.call(viewer, me);
      expect(data).toBeNull();
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
  });
});
