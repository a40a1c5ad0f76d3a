import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Scope } from '#platform/service/scope.ts';
import { createTurns } from './createTurns.ts';
import { createHashers } from './hashing/createHashers.ts';

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

/** A hash as of a password with the same parameters, which none has made: checking one against it is the same work. */
function hashOfNobody(): string {
  const { memoryCost, timeCost, parallelism } = parameters;
  const [salt, output] = [16, 32].map((size) => randomBytes(size).toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${output}`;
}

/**
 * @param running hashes at once: all cores but one unless given
 * @param waiting how many may wait for their turn; more are refused with TOO_BUSY and the seconds that the queue will take
 * @param seconds how long one may have to wait: less than the five after which the gateway gives a request up
 * @param scope ends the threads that hash
 */
export function createPasswords({
  running = Math.max(1, availableParallelism() - 1),
  waiting = 100,
  seconds = 4,
  scope,
}: {
  running?: number;
  waiting?: number;
  seconds?: number;
  scope: Scope;
}): Passwords {
  const { take, requireRoom } = createTurns({ running, waiting, seconds });
  const { hash, verify } = createHashers(scope);
  const nobody = hashOfNobody();
  return {
    requireRoom,
    hash: (password) => take(() => hash(password, parameters)),
    verify: (passwordHash, password) =>
      take(async () => (await verify(passwordHash ?? nobody, password)) && passwordHash !== null),
  };
}
