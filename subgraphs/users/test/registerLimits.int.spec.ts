import { beforeAll, expect, it } from '@jest/globals';
import { callSubgraph, testScope } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newEmail = () => `limits${++counter}@example.com`;

beforeAll(async () => {
  users = await startFixture(scope, { env: { LOGINS_PER_ADDRESS: '6' } });
});

const register = 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }';
const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
const deleteAccount = 'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { userId } }';

async function codeOf(query: string, input: object, clientAddress: string): Promise<string> {
  const { errors } = await callSubgraph({
    url: users.url,
    callee: 'users',
    query,
    variables: { input },
    clientAddress,
  });
  return errors?.[0]?.extensions.code ?? 'ok';
}

it('registers so many from one client address, and others from theirs', async () => {
  const from = (address: string) => codeOf(register, { email: newEmail(), password, name: 'Ada' }, address);
  for (let time = 0; time < 6; time += 1) expect(await from('203.0.113.1')).toBe('ok');
  expect(await from('203.0.113.1')).toBe('TOO_BUSY');
  expect(await from('203.0.113.2')).toBe('ok');
});

it('sends five e-mails in a quarter of an hour to one address, however often it is registered and deleted', async () => {
  const email = newEmail();
  for (let time = 0; time < 5; time += 1) {
    const person = await users.person('Ada', email);
    await users.call(person, deleteAccount, { input: { password } });
  }
  expect(await users.refused(null, register, { email, password, name: 'Ada' })).toBe('TOO_BUSY');
});

it('refuses a taken address without hashing: it keeps nobody from logging in', async () => {
  const { email } = await users.person('Ada', newEmail());
  const input = { email, password: 'some horse battery', name: 'Eve' };
  const flood = Array.from({ length: 150 }, () => codeOf(register, input, '203.0.113.5'));
  const own = codeOf(login, { email, password }, '198.51.100.2');
  expect(await own).toBe('ok');
  expect(new Set(await Promise.all(flood))).toEqual(new Set(['EMAIL_TAKEN']));
});
