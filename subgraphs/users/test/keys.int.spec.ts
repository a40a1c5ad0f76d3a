import { createPublicKey } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { parseEnv } from '#platform/env.ts';
import { createLogger } from '#platform/logger.ts';
import { createScope } from '#platform/service/scope.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { PrismaClient } from '#prisma/users/client/client.ts';
import { usersEnvSchema } from '../src/env.ts';
import { keysCommand } from '../src/keys/keysCommand.ts';
import { rotateKeys } from '../src/keys/rotateKeys.ts';
import { developmentSigningKey, signingKeyPair } from '../src/keys/signingKeyPair.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope('each');
const master = developmentSigningKey();
const first = signingKeyPair(master).kid;
let users: Fixture;

beforeEach(async () => {
  users = await startFixture(scope);
});

type Published = { keys: { kid: string }[] };
const publishedKeys = async () => {
  const { keys } = (await (await fetch(`${users.url}/.well-known/jwks.json`)).json()) as Published;
  return keys.map(({ kid }) => kid);
};

/** What the command writes, line by line. */
async function command(...args: string[]) {
  const lines: string[] = [];
  const own = createScope();
  const env = parseEnv(usersEnvSchema, { DATABASE_URL: users.databaseUrl });
  const log = createLogger({ service: 'users', level: 'silent' });
  const code = await keysCommand(args, env, { scope: own, log, say: (line) => lines.push(line) });
  await own.close();
  return { code, lines };
}

let people = 0;
/** The key that signs a login now, which the published key set verifies. */
async function signer() {
  const { accessToken } = await users.person('Ada', `key${++people}@example.com`);
  const { keys } = (await (await fetch(`${users.url}/.well-known/jwks.json`)).json()) as Published;
  const kid = jwt.decode(accessToken, { complete: true })?.header.kid as string;
  const jwk = keys.find((key) => key.kid === kid);
  jwt.verify(accessToken, createPublicKey({ key: jwk as never, format: 'jwk' }), { algorithms: ['ES256'] });
  return kid;
}

const knows = (count: number) => waitFor(async () => (await publishedKeys()).length === count);

describe('keys rotate', () => {
  it('publishes another key, which signs once everybody can know it, and then the old one retires', async () => {
    expect(await publishedKeys()).toEqual([first]);
    expect((await command('rotate')).code).toBe(0);
    await knows(2);
    const [, second] = (await publishedKeys()) as [string, string];
    expect(await signer()).toBe(first);
    expect((await command()).lines).toEqual([
      expect.stringMatching(`^${first}  signs, from .*, until `),
      expect.stringMatching(`^${second}  will sign, from [^,]*$`),
    ]);

    await users.pool.query(`update signing_key set signs_from = now() where kid = $1`, [second]);
    await waitFor(async () => (await signer()) === second);
    expect(await publishedKeys()).toEqual([first, second]);

    await users.pool.query(`update signing_key set retires_at = now() where kid = $1`, [first]);
    await knows(1);
    expect(await publishedKeys()).toEqual([second]);
  });

  it('--compromised ends the old key at once', async () => {
    const { lines } = await command('rotate', '--compromised');
    await waitFor(async () => !(await publishedKeys()).includes(first));
    const [second] = (await publishedKeys()) as [string];
    expect(await signer()).toBe(second);
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(`^${first}  retired`),
      expect.stringMatching(`^${second}  signs`),
    ]);
  });

  it('is not mistaken for something else', async () => {
    for (const args of [['rotat'], ['rotate', 'now']]) expect((await command(...args)).code).toBe(1);
    await expect(command('rotate', '--now')).rejects.toThrow();
    expect(await publishedKeys()).toEqual([first]);
  });
});

describe('the schedule', () => {
  it('asks for another key when the last one is old enough, once, however many look', async () => {
    const prisma = new PrismaClient({ adapter: prismaAdapter(users.pool) });
    const look = () =>
      prisma.$transaction((tx) => rotateKeys(tx, { master, tokenSeconds: 600, now: new Date() }, { everyDays: 30 }));
    expect(await look()).toBeNull();
    await users.pool.query(`update signing_key set created_at = created_at - interval '31 days'`);
    const made = await Promise.all([look(), look(), look()]);
    expect(made.filter((one) => one !== null)).toHaveLength(1);
    await knows(2);
    await prisma.$disconnect();
  });
});

describe('a key that another ACCESS_TOKEN_KEY has sealed', () => {
  it('is left out, and another signs', async () => {
    await command('rotate', '--compromised');
    await waitFor(async () => !(await publishedKeys()).includes(first));
    await users.pool.query(`update signing_key set sealed = sealed || 'x' where sealed is not null`);
    const other = await startFixture(scope, { databaseUrl: users.databaseUrl });
    const { keys } = (await (await fetch(`${other.url}/.well-known/jwks.json`)).json()) as Published;
    expect(keys.map(({ kid }) => kid)).toEqual([expect.not.stringMatching(first)]);
    const eve = await other.person('Eve');
    const kid = jwt.decode(eve.accessToken, { complete: true })?.header.kid;
    expect(kid).toBe(keys[0]?.kid);
  });
});
