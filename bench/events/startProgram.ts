import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '#platform/root.ts';
import type { Scope } from '#platform/service/scope.ts';

/** A program of the bench as a process of its own. */
export type Program = {
  pid: number | undefined;
  /** Tells it something and waits for its answer. */
  ask<Answer>(request: object): Promise<Answer>;
};

/** Starts `programs/<name>.ts` with an input, and waits until it says that it is ready. Ends with the scope. */
export async function startProgram(name: string, input: object, scope: Scope): Promise<Program> {
  const child: ChildProcess = fork(join(root, 'bench/events/programs', `${name}.ts`), [JSON.stringify(input)], {
    execArgv: ['--import', 'tsx'],
    cwd: root,
  });
  scope.defer(name, async () => {
    if (child.exitCode !== null) return;
    const gone = once(child, 'exit');
    if (child.connected) child.disconnect();
    const late = setTimeout(() => child.kill('SIGKILL'), 8_000);
    await gone;
    clearTimeout(late);
  });
  const answer = async () => {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      return await Promise.race([
        once(child, 'message', { signal }).then(([message]) => message),
        once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`The ${name} ended`))),
      ]);
    } finally {
      settled.abort();
    }
  };
  await answer();
  return {
    pid: child.pid,
    async ask(request) {
      const answered = answer();
      child.send(request);
      return answered;
    },
  };
}
