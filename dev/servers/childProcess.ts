import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { guardProcess, releaseProcess } from './watchdog.ts';

/** How a process ended. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** What to run. Output goes to a file, or line by line to `onLine`. */
export type ChildSpec = {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  uid?: number;
  gid?: number;
  output: { file: string } | { onLine: (line: string) => void };
  /** What asks the process to end in good order. */
  stopSignal?: NodeJS.Signals;
};

/** A process that this one started, alone in its own process group. */
export type Child = {
  name: string;
  pid: number;
  /** Resolves when the process is gone and its output is read; never rejects. */
  exit: Promise<Exit>;
  running(): boolean;
  /** Asks it to end, kills it after `graceMs`, and resolves when it is gone. */
  stop(graceMs?: number): Promise<Exit>;
  /** SIGKILL to the whole group; resolves when it is gone. */
  kill(): Promise<Exit>;
};

const logLimit = 20 * 1024 * 1024;

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logLimit) truncateSync(file);
  return openSync(file, 'a', 0o600);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Starts a process in its own process group, so that a Ctrl-C in the terminal reaches only the parent, which then stops
 * its children in order. Should the parent be killed, the watchdog stops them.
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  const log = 'file' in spec.output ? openLog(spec.output.file) : undefined;
  const process_: ChildProcess = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    uid: spec.uid,
    gid: spec.gid,
    detached: true,
    stdio: ['ignore', log ?? 'pipe', log ?? 'pipe'],
  });
  if (log !== undefined) closeSync(log);
  if ('onLine' in spec.output) {
    for (const stream of [process_.stdout, process_.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', spec.output.onLine);
    }
  }
  const exit = new Promise<Exit>((resolve) => {
    process_.on('exit', (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise<void>((resolve) => {
    process_.on('close', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    process_.once('spawn', resolve);
    process_.once('error', (error) => reject(new Error(`${spec.name}: cannot run ${spec.command}: ${error.message}`)));
  });
  const pid = process_.pid as number;
  const stopSignal = spec.stopSignal ?? 'SIGTERM';
  guardProcess(pid, stopSignal);
  let running = true;
  const gone = exit.then(async (how) => {
    running = false;
    // What the process itself started and left behind goes with it.
    signalGroup(pid, 'SIGKILL');
    releaseProcess(pid);
    // Its last lines can come after its end, but whoever holds on to its output doesn't keep us waiting.
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    return how;
  });
  return {
    name: spec.name,
    pid,
    exit: gone,
    running: () => running,
    async stop(graceMs = 5000) {
      if (running) process_.kill(stopSignal);
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
      try {
        return await gone;
      } finally {
        clearTimeout(timer);
      }
    },
    kill() {
      if (running) signalGroup(pid, 'SIGKILL');
      return gone;
    },
  };
}
