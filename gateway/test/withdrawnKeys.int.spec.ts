import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createKeySet } from '../src/identity/createKeySet.ts';
import { createVerifier, type Verify } from '../src/identity/createVerifier.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';

const scope = testScope('each');
let issuer: Issuer;
let time: number;
let verify: Verify;
let authorization: string;

beforeEach(async () => {
  issuer = await startIssuer(scope);
  time = Date.now();
  const keySet = createKeySet({ url: issuer.jwksUrl, log: pino({ level: 'silent' }), now: () => time });
  verify = createVerifier({ keySet, issuer: 'taskgraph', audience: 'taskgraph' });
  authorization = `Bearer ${issuer.token({}, { expiresIn: 3600 })}`;
  expect((await verify(authorization))?.viewer.userId).toBe('user-1');
});

const refused = () =>
  verify(authorization).then(
    () => undefined,
    (error: { extensions: { reason: string } }) => error.extensions.reason,
  );

describe('a token that was verified', () => {
  it('is refused once its key is withdrawn: a minute later, at the second look', async () => {
    issuer.withdraw();
    time += 59_000;
    expect(await refused()).toBeUndefined();
    time += 2_000;
    await waitFor(async () => (await refused()) === 'UNKNOWN_KEY');
  });

  it('is refused at the first look after nobody has come for a while', async () => {
    issuer.withdraw();
    time += 1_800_000;
    expect(await refused()).toBe('UNKNOWN_KEY');
  });

  it('is refused when another key has taken the name of its own', async () => {
    const { kid } = issuer.key();
    issuer.rotate({ kid });
    time += 1_800_000;
    expect(await refused()).toBe('BAD_SIGNATURE');
  });

  it('goes on being good while its key is published, and while the publisher is away', async () => {
    for (let minutes = 1; minutes <= 3; minutes += 1) {
      time += 121_000;
      expect(await refused()).toBeUndefined();
    }
    const asked = issuer.asked();
    issuer.away(true);
    time += 1_800_000;
    expect(await refused()).toBeUndefined();
    expect(issuer.asked()).toBe(asked + 1);
  });
});
