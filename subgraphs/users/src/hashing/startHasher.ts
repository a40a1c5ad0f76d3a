import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Options } from '@node-rs/argon2';
import { hasherCode } from './hasherCode.ts';

/** What a thread is asked: to hash a password with these parameters, or whether the password made the hash `against`. */
export type Task = { password: string; parameters: Options } | { password: string; against: string };

/** A thread that hashes, one task at a time, with the lowest priority: whatever else there is to do goes first. */
export type Hasher = {
  /** The hash, or whether it is the password's. Throws HasherEnded if the thread ends meanwhile. */
  ask(task: Task): Promise<string | boolean>;
  end(): Promise<unknown>;
};

/** The thread is gone, and its task is not done. */
export class HasherEnded extends Error {}

type Answer = { value: string | boolean; error?: never } | { error: string; value?: never };

/** Starts a thread; it keeps no process alive. `onEnd` is called once it is gone, for whatever reason. */
export function startHasher(onEnd: () => void, code = hasherCode): Hasher {
  const worker = new Worker(code, {
    eval: true,
    workerData: { argon2: createRequire(import.meta.url).resolve('@node-rs/argon2') },
    // Neither loaders nor secrets of the process.
    execArgv: [],
    env: {},
  });
  let ended = false;
  let cause: unknown;
  let settle: ((answer: Answer | HasherEnded) => void) | undefined;
  worker.on('message', (answer: Answer) => settle?.(answer));
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('exit', (exitCode) => {
    ended = true;
    onEnd();
    settle?.(new HasherEnded(`A thread that hashes passwords ended (${exitCode})`, { cause }));
  });
  // Last: whoever listens to it afterwards keeps the process alive again.
  worker.unref();
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new HasherEnded('A thread that hashes passwords has ended', { cause }));
        settle = (answer) => {
          settle = undefined;
          if (answer instanceof HasherEnded) reject(answer);
          else if (answer.error !== undefined) reject(new Error(answer.error));
          else resolve(answer.value);
        };
        worker.postMessage(task);
      }),
    end: () => worker.terminate(),
  };
}
