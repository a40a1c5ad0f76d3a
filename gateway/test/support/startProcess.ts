import { type ChildProcess, spawn } from 'node:child_process';
import { root } from '#platform/root.ts';
import type { Scope } from '#platform/service/scope.ts';

/** A gateway in a process of its own: what it wrote, and what it ended with. */
export type GatewayProcess = { child: ChildProcess; output: () => string; exit: Promise<number | null> };

/** Starts the gateway as a process with these variables and no others. */
export function startProcess(scope: Scope, env: Record<string, string>): GatewayProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'gateway/src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  scope.defer('the gateway', () => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  return { child, output: () => output, exit: new Promise((resolve) => child.on('exit', resolve)) };
}
