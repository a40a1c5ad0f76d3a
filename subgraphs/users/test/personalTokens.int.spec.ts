import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newPerson = () => users.person('Ada', `token${++counter}@example.com`);

beforeAll(async () => {
  users = await startFixture(scope);
});

const create = `mutation ($input: CreatePersonalTokenInput!) {
  createPersonalToken(input: $input) { token personalToken { id name scope expiresAt lastUsedAt } } }`;
const revoke =
  'mutation ($input: RevokePersonalTokenInput!) { revokePersonalToken(input: $input) { personalTokenId } }';
const list = '{ personalTokens { nodes { id name scope lastUsedAt } } }';

/** What a gateway asks. */
async function ask(path: string, input: object, caller = 'gateway') {
  const client = createGuardedClient({
    url: users.url,
    caller,
    callee: 'users',
    keys: parseCallKeys(undefined, false),
  });
  try {
    return await client.call(path, input, z.any());
  } finally {
    await client.close();
  }
}

const exchange = (token: string) => ask('/internal/token', { token });

async function tokenOf(person: Awaited<ReturnType<typeof newPerson>>, input: object = {}) {
  const { data } = await users.call(person, create, { input: { name: 'CI', scope: 'READ', ...input } });
  return data.createPersonalToken as { token: string; personalToken: { id: string; expiresAt: string } };
}

describe('a personal access token', () => {
  it('is shown once, kept as a hash, and exchanged for its owner with its scope', async () => {
    const ada = await newPerson();
    const { token, personalToken } = await tokenOf(ada, { scope: 'WRITE', expiresInDays: 7 });
    expect(token).toMatch(/^tgp_[\w-]{43}$/);
    const days = (Date.parse(personalToken.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThan(7.01);
    expect(await exchange(token)).toEqual({
      identity: {
        viewer: { userId: ada.userId, sessionId: personalToken.id, scope: 'write' },
        expiresAt: Date.parse(personalToken.expiresAt),
      },
    });
    const { data } = await users.call(ada, list);
    expect(data.personalTokens.nodes).toEqual([
      { id: personalToken.id, name: 'CI', scope: 'WRITE', lastUsedAt: expect.any(String) },
    ]);
    const { rows } = await users.pool.query(`select row_to_json(t)::text as text from personal_token t where id = $1`, [
      personalToken.id,
    ]);
    expect(rows[0].text).not.toContain(token.slice(4));
  });

  it('is good for nothing when unknown, expired or revoked', async () => {
    const ada = await newPerson();
    for (const bad of ['', 'x', `tgp_${'x'.repeat(43)}`, ada.accessToken.slice(0, 200)])
      expect(await exchange(bad)).toEqual({ identity: null });
    const [expired, revoked] = [await tokenOf(ada), await tokenOf(ada)];
    await users.pool.query('update personal_token set expires_at = now() where id = $1', [expired.personalToken.id]);
    expect(await exchange(expired.token)).toEqual({ identity: null });

    const { id } = revoked.personalToken;
    for (let time = 0; time < 2; time += 1) {
      const { data } = await users.call(ada, revoke, { input: { id } });
      expect(data.revokePersonalToken).toEqual({ personalTokenId: id });
    }
    expect(await exchange(revoked.token)).toEqual({ identity: null });
    expect(await users.events(id)).toMatchObject([
      { type: 'users.session.revoked.v1', data: { session: { id, device: 'CI' }, reason: 'REVOKED' } },
    ]);
    const { sessions } = await ask('/internal/revocations', { withinSeconds: 60 });
    expect(sessions.map((one: { id: string }) => one.id)).toContain(id);
  });

  it('makes no others, changes no password, and is nobody else’s to end', async () => {
    const [ada, mallory] = [await newPerson(), await newPerson()];
    const { personalToken } = await tokenOf(ada, { scope: 'ADMIN' });
    const script = { userId: ada.userId, sessionId: personalToken.id, scope: 'admin' as const };
    expect(await users.refused(script, create, { name: 'More', scope: 'ADMIN' })).toBe('FORBIDDEN');
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';
    const passwords = { currentPassword: 'x', newPassword: 'another horse battery' };
    expect(await users.refused(script, change, passwords)).toBe('FORBIDDEN');
    for (const id of [personalToken.id, newId()])
      expect(await users.refused(mallory, revoke, { id })).toBe('NOT_FOUND');
    expect((await users.call(mallory, list)).data.personalTokens.nodes).toEqual([]);
  });

  it.each([
    [{ name: '' }, 'input.name'],
    [{ name: 'x'.repeat(81) }, 'input.name'],
    [{ expiresInDays: 0 }, 'input.expiresInDays'],
    [{ expiresInDays: 366 }, 'input.expiresInDays'],
  ])('is refused with %j', async (input, field) => {
    const ada = await newPerson();
    expect(await users.refused(ada, create, { name: 'CI', scope: 'READ', ...input })).toBe(`BAD_USER_INPUT ${field}`);
  });

  it('is exchanged for gateways only', async () => {
    await expect(ask('/internal/token', { token: 'x' }, 'tasks')).rejects.toThrow();
  });
});
