import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Viewer } from '#platform/identity/viewer.ts';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';
import { inTurn } from './inTurn.ts';

const scope = testScope();
let users: Fixture;
let admin: Viewer;
let counter = 0;
const newPerson = () => users.person('Ada', `ended${++counter}@example.com`);
type Person = Awaited<ReturnType<typeof newPerson>>;

beforeAll(async () => {
  users = await startFixture(scope);
  admin = await users.person('Admin');
  await users.pool.query(`update "user" set role = 'ADMIN' where id = $1`, [admin.userId]);
});

const createToken = 'mutation { createPersonalToken(input: { name: "x", scope: ADMIN }) { personalToken { id } } }';
const everywhere = 'mutation { logoutEverywhere { sessionIds } }';
const setSuspended = (person: Person, suspended: boolean) =>
  users.call(
    admin,
    `mutation ($id: ID!) { ${suspended ? 'suspendUser' : 'restoreUser'}(input: { userId: $id }) { account { id } } }`,
    { id: person.userId },
  );
const codeOf = ({ errors }: Awaited<ReturnType<Fixture['call']>>) => errors?.[0]?.extensions.code ?? 'ok';

/** All that lasts longer than an access token, or can't be undone. */
const lasting: Record<string, (ada: Person) => string> = {
  createPersonalToken: () => createToken,
  revokePersonalToken: () => `mutation { revokePersonalToken(input: { id: "${newId()}" }) { personalTokenId } }`,
  changePassword: () =>
    `mutation { changePassword(input: { currentPassword: "${password}", newPassword: "another horse battery" }) { user { id } } }`,
  deleteAccount: () => `mutation { deleteAccount(input: { password: "${password}" }) { userId } }`,
  unlinkIdentity: () => `mutation { unlinkIdentity(input: { id: "${newId()}" }) { identityId } }`,
  createDownloadLink: () => 'mutation { createDownloadLink { path } }',
  revokeSession: ({ sessionId }) => `mutation { revokeSession(input: { id: "${sessionId}" }) { session { id } } }`,
  logoutEverywhere: () => everywhere,
};
const names = Object.keys(lasting);

const endings: [string, (ada: Person) => Promise<unknown>, string][] = [
  ['was logged out', (ada) => users.call(ada, everywhere), 'REVOKED'],
  ['was suspended, and restored', suspendAndRestore, 'REVOKED'],
  [
    'has expired',
    ({ sessionId }) => users.pool.query('update session set expires_at = now() where id = $1', [sessionId]),
    'EXPIRED',
  ],
  ["is somebody else's", async (ada) => Object.assign(ada, { sessionId: (await newPerson()).sessionId }), 'REVOKED'],
];

async function suspendAndRestore(ada: Person) {
  await setSuspended(ada, true);
  await setSuspended(ada, false);
}

describe('a session whose access token gateways may still take', () => {
  it.each(endings)('when it %s, does nothing that lasts', async (_name, end, reason) => {
    for (const name of names) {
      const ada = await newPerson();
      await end(ada);
      const before = await users.written();
      const { errors, data } = await users.call(ada, lasting[name]?.(ada) as string);
      if (reason === 'EXPIRED') expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason });
      expect([name, errors?.[0]?.extensions.code, data ?? null]).toEqual([name, 'UNAUTHENTICATED', null]);
      expect(await users.written()).toEqual(before);
    }
  });

  it('of somebody without a password does not delete the account, either', async () => {
    const ada = await newPerson();
    await users.pool.query('update "user" set password_hash = null where id = $1', [ada.userId]);
    await users.call(ada, everywhere);
    expect(codeOf(await users.call(ada, 'mutation { deleteAccount(input: {}) { userId } }'))).toBe('LOGIN_TOO_OLD');
  });

  it.each<[string, (ada: Person) => Promise<Awaited<ReturnType<Fixture['call']>>>]>([
    ['logged out', (ada) => users.call(ada, everywhere)],
    ['suspended', (ada) => setSuspended(ada, true)],
  ])('makes no personal token while it is being %s', async (_name, end) => {
    const ada = await newPerson();
    const [ended, made] = await inTurn(
      users,
      ada.userId,
      () => end(ada),
      () => users.call(ada, createToken),
    );
    expect([codeOf(ended), codeOf(made)]).toEqual(['ok', 'UNAUTHENTICATED']);
    const { rows } = await users.pool.query('select id from personal_token where user_id = $1', [ada.userId]);
    expect(rows).toEqual([]);
  });
});

it.each(['read', 'write', 'admin'] as const)(
  'a workspace is handed over by no personal access token: %s',
  async (scope) => {
    const ada = await newPerson();
    const script = { ...ada, sessionId: newId(), scope };
    const transfer = `mutation { transferOwnership(input: { workspaceId: "${newId()}", userId: "${newId()}" }) { member { role } } }`;
    // Whoever has signed in is told that there is no such workspace.
    expect([codeOf(await users.call(script, transfer)), codeOf(await users.call(ada, transfer))]).toEqual([
      'FORBIDDEN',
      'NOT_FOUND',
    ]);
  },
);

it.each(names)('%s is not for a personal access token, whatever its scope', async (name) => {
  const ada = await newPerson();
  const script = { ...ada, sessionId: newId(), scope: 'admin' as const };
  expect(codeOf(await users.call(script, lasting[name]?.(ada) as string))).toBe('FORBIDDEN');
});
