import { availableParallelism } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { createPasswords as create } from './passwords.ts';

const scope = testScope();

const createPasswords = (limits: { running?: number; waiting?: number; seconds?: number } = {}) =>
  create({ ...limits, scope });

describe('passwords', () => {
  it('hashes with argon2id and the parameters that OWASP recommends', async () => {
    expect(await createPasswords().hash('correct horse battery')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('verifies the password that made the hash, and no other', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('correct horse battery');
    expect(await passwords.verify(hash, 'correct horse battery')).toBe(true);
    expect(await passwords.verify(hash, 'correct horse batterz')).toBe(false);
  });

  it('verifies nothing for an account that does not exist', async () => {
    expect(await createPasswords().verify(null, 'correct horse battery')).toBe(false);
  });

  it('refuses with TOO_BUSY and a time to wait when the queue is full, and takes more once it is not', async () => {
    const passwords = createPasswords({ running: 1, waiting: 2 });
    const [first, second, third, fourth] = [1, 2, 3, 4].map(() => passwords.hash('correct horse battery'));
    await expect(fourth).rejects.toMatchObject({ extensions: { code: 'TOO_BUSY', retryAfter: expect.any(Number) } });
    await Promise.all([first, second, third]);
    await expect(passwords.hash('correct horse battery')).resolves.toBeDefined();
  });

  it('unless told otherwise keeps a core free, lets a hundred wait and refuses the next', async () => {
    // However slow this machine is.
    const passwords = createPasswords({ seconds: 60 });
    const taken = Math.max(1, availableParallelism() - 1) + 100;
    const outcomes = await Promise.allSettled(
      Array.from({ length: taken + 3 }, () => passwords.verify(null, 'correct horse battery')),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: taken }, () => 'fulfilled'),
      ...['rejected', 'rejected', 'rejected'],
    ]);
    expect(outcomes.at(-1)).toMatchObject({
      reason: { extensions: { code: 'TOO_BUSY', retryAfter: expect.any(Number) } },
    });
  }, 60_000);

  it('runs no more at once than it was told', async () => {
    const passwords = createPasswords({ running: 1, waiting: 10 });
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => passwords.hash('correct horse battery').then(() => order.push(n))));
    expect(order).toEqual([1, 2, 3]);
  });
});
