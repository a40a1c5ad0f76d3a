import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { password } from './fixture.ts';
import { inTurn } from './inTurn.ts';
import { app, type Social, startSocial } from './socialFixture.ts';

const scope = testScope();
let users: Social;
let counter = 0;
const newPerson = () => users.person('Ada', `withdrawn${++counter}@example.com`);

beforeAll(async () => {
  users = await startSocial(scope);
}, 60_000);

const another = 'brand new horse battery';
const evil = 'evil horse battery staple';
const login = 'mutation ($input: LoginInput!) { login(input: $input) { session { id } } }';
const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';
const request = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { email } }';
const reset = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { email } }';
const register = 'mutation ($input: RegisterInput!) { register(input: $input) { session { id } } }';
const deleteAccount = 'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { userId } }';
const unlink = 'mutation ($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { identityId } }';

type Answer = Awaited<ReturnType<Social['call']>>;
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code ?? 'ok';
const canLogIn = async (email: string, guess: string) =>
  codeOf(await users.call(null, login, { input: { email, password: guess } })) === 'ok';

/** Asks for a reset, and gives what sets another password by its link. */
async function resetOf(email: string): Promise<() => Promise<Answer>> {
  await users.call(null, request, { input: { email } });
  const letter = (await users.letters('PASSWORD_RESET')).find((one) => one?.to.address === email);
  const token = letter.link.path.split('#')[1];
  return () => users.call(null, reset, { input: { token, password: another } });
}

describe('behind a reset, the password that was', () => {
  it('begins no session', async () => {
    const ada = await newPerson();
    const [done, entered] = await inTurn(users, ada.userId, await resetOf(ada.email), () =>
      users.call(null, login, { input: { email: ada.email, password } }),
    );
    expect([codeOf(done), codeOf(entered)]).toEqual(['ok', 'INVALID_CREDENTIALS']);
    const { rows } = await users.pool.query('select id from session where user_id = $1 and ended_at is null', [
      ada.userId,
    ]);
    expect(rows).toEqual([]);
    expect([await canLogIn(ada.email, password), await canLogIn(ada.email, another)]).toEqual([false, true]);
  });

  it('sets no other', async () => {
    const ada = await newPerson();
    const [done, changed] = await inTurn(users, ada.userId, await resetOf(ada.email), () =>
      users.call(ada, change, { input: { currentPassword: password, newPassword: evil } }),
    );
    expect(codeOf(done)).toBe('ok');
    expect(codeOf(changed)).not.toBe('ok');
    expect([await canLogIn(ada.email, evil), await canLogIn(ada.email, another)]).toEqual([false, true]);
  });

  it('repeats no registration', async () => {
    const input = { id: newId(), email: `withdrawn${++counter}@example.com`, password, name: 'Ada' };
    await users.call(null, register, { input });
    const [done, again] = await inTurn(users, input.id, await resetOf(input.email), () =>
      users.call(null, register, { input }),
    );
    expect([codeOf(done), codeOf(again)]).toEqual(['ok', 'INVALID_CREDENTIALS']);
  });

  it('deletes no account', async () => {
    const ada = await newPerson();
    const [done, deleted] = await inTurn(users, ada.userId, await resetOf(ada.email), () =>
      users.call(ada, deleteAccount, { input: { password } }),
    );
    expect(codeOf(done)).toBe('ok');
    expect(codeOf(deleted)).not.toBe('ok');
    expect(await canLogIn(ada.email, another)).toBe(true);
  });
});

it('of two changes of a password at once, the second finds that it is another one', async () => {
  const ada = await newPerson();
  const to = (newPassword: string) => () =>
    users.call(ada, change, { input: { currentPassword: password, newPassword } });
  const [first, second] = await inTurn(users, ada.userId, to(another), to(evil));
  expect([codeOf(first), codeOf(second)]).toEqual(['ok', 'INVALID_CREDENTIALS']);
  expect([await canLogIn(ada.email, evil), await canLogIn(ada.email, another)]).toEqual([false, true]);
});

it('a password that is changed at that moment deletes no account', async () => {
  const ada = await newPerson();
  const [changed, deleted] = await inTurn(
    users,
    ada.userId,
    () => users.call(ada, change, { input: { currentPassword: password, newPassword: another } }),
    () => users.call(ada, deleteAccount, { input: { password } }),
  );
  expect([codeOf(changed), codeOf(deleted)]).toEqual(['ok', 'INVALID_CREDENTIALS']);
});

it('an account that is deleted at that moment becomes a member of nothing', async () => {
  const [owner, ada] = [await newPerson(), await newPerson()];
  await users.verify(ada.email);
  const workspaceId = await users.workspace(owner);
  const add = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';
  const [deleted, added] = await inTurn(
    users,
    ada.userId,
    () => users.call(ada, deleteAccount, { input: { password } }),
    () => users.call(owner, add, { input: { workspaceId, email: ada.email } }),
  );
  expect([codeOf(deleted), codeOf(added)]).toEqual(['ok', 'NOT_FOUND']);
});

it('an identity that is unlinked at that moment opens the account no more', async () => {
  const ada = await newPerson();
  const subject = newId();
  const id = newId();
  await users.pool.query(
    `insert into identity (id, user_id, provider, issuer, subject, email, created_at, last_used_at)
     values ($1, $2, 'acme', $3, $4, null, now(), now())`,
    [id, ada.userId, new URL(users.acme.issuer).href, subject],
  );
  const browser = users.browser();
  const url = await users.comeBack(browser, { sub: subject, email: `${subject}@example.com`, email_verified: true });
  const [unlinked, end] = await inTurn(
    users,
    ada.userId,
    () => users.call(ada, unlink, { input: { id } }),
    () => browser.open(url, { site: 'cross-site' }),
  );
  expect([codeOf(unlinked), end.url]).toEqual(['ok', `${app}/`]);
  // As whoever comes for the first time.
  expect((await users.entered(browser)).userId).not.toBe(ada.userId);
});
