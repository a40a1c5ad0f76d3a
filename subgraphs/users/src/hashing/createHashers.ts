import type { Options } from '@node-rs/argon2';
import type { Scope } from '#platform/service/scope.ts';
import { type Hasher, HasherEnded, startHasher, type Task } from './startHasher.ts';

/** argon2 in threads of its own. */
export type Hashers = {
  hash(password: string, parameters: Options): Promise<string>;
  verify(against: string, password: string): Promise<boolean>;
};

/**
 * Threads are started when they are needed, as many as there are tasks at once: the caller sees to it how many that is. They end
 * with the scope. The task of a thread that dies is given to another one, once.
 */
export function createHashers(scope: Scope, start: typeof startHasher = startHasher): Hashers {
  const all = new Set<Hasher>();
  const idle = new Set<Hasher>();
  let closed = false;
  scope.defer('hashers', () => {
    closed = true;
    return Promise.all([...all].map((hasher) => hasher.end()));
  });

  function startOne(): Hasher {
    const hasher = start(() => {
      all.delete(hasher);
      idle.delete(hasher);
    });
    all.add(hasher);
    return hasher;
  }

  async function askOne(task: Task): Promise<string | boolean> {
    if (closed) throw new Error('Passwords are hashed no more: the service stops');
    const [hasher = startOne()] = idle;
    idle.delete(hasher);
    try {
      return await hasher.ask(task);
    } finally {
      if (all.has(hasher)) idle.add(hasher);
    }
  }

  const ask = (task: Task) =>
    askOne(task).catch((error: unknown) => {
      if (error instanceof HasherEnded && !closed) return askOne(task);
      throw error;
    });

  return {
    hash: async (password, parameters) => String(await ask({ password, parameters })),
    verify: async (against, password) => (await ask({ password, against })) === true,
  };
}
