import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createTurns } from './createTurns.ts';

/**
 * OWASP's first recommendation for argon2id: 19 MiB of memory, two passes, one lane.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing and checking of passwords, so many at a time that the rest of the service keeps a core. */
export type Passwords = {
  /** argon2id in PHC string format. Throws TOO_BUSY when the queue is full. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password made this hash. Null, for an account that doesn't exist, takes as long as a wrong password and
   * is false. Throws TOO_BUSY when the queue is full.
   */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
  /** Throws TOO_BUSY when the queue is full: asked first, so that a storm of logins costs little more than their requests. */
  requireRoom(): void;
};

/**
 * @param running hashes at once: all cores but one unless given
 * @param waiting how many may wait for their turn; more are refused with TOO_BUSY and the seconds that the queue will take
 */
export function createPasswords({
  running = Math.max(1, availableParallelism() - 1),
  waiting = 100,
}: {
  running?: number;
  waiting?: number;
} = {}): Passwords {
  const { take, requireRoom } = createTurns({ running, waiting });
  // Made beforehand: the first unknown address must take no longer than the others.
  const nobody = hash(randomBytes(32).toString('base64url'), parameters);
  return {
    requireRoom,
    hash: (password) => take(() => hash(password, parameters)),
    async verify(passwordHash, password) {
      if (passwordHash !== null) return take(() => verify(passwordHash, password));
      const dummyHash = await nobody;
      return take(async () => (await verify(dummyHash, password)) && false);
    },
  };
}
