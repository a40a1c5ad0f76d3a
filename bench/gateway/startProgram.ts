import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '#platform/root.ts';
import type { Scope } from '#platform/service/scope.ts';

/** A process of the bench, with a channel to it. */
export type Program = {
  pid: number;
  /** What the program has said first. */
  ready: unknown;
  /** Sends something, and waits for the answer. One question at a time. */
  ask<A>(question: object): Promise<A>;
};

/** Starts bench/gateway/programs/<name>.ts and waits for its first word. It ends with the scope, or when this process does. */
export const startProgram = (name: string, scope: Scope): Promise<Program> =>
  startProgramAt(join(import.meta.dirname, 'programs', `${name}.ts`), scope);

/** Starts a program of any bench. */
export async function startProgramAt(file: string, scope: Scope): Promise<Program> {
  const child = startNode(['--import', 'tsx', file], {}, scope);
  let settle: { resolve: (message: unknown) => void; reject: (error: Error) => void } | undefined;
  const next = () =>
    new Promise<unknown>((resolve, reject) => {
      settle = { resolve, reject };
    });
  child.on('message', (message) => settle?.resolve(message));
  child.on('exit', (code) => settle?.reject(new Error(`${file} has ended with ${code}`)));
  return {
    ready: await next(),
    pid: child.pid as number,
    ask: (question) => {
      const answer = next();
      child.send(question);
      return answer as Promise<never>;
    },
  };
}

/** Starts Node as a process of its own, in production, with a channel whose end tells it to leave. */
export function startNode(args: string[], env: NodeJS.ProcessEnv, scope: Scope, cwd: string = root): ChildProcess {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  scope.defer(args.at(-1) ?? 'node', async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(late);
  });
  return child;
}
