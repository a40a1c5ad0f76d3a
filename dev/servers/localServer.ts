import { readFileSync } from 'node:fs';
import { type Child, type ChildSpec, type Exit, startChild } from './childProcess.ts';
import { until } from './until.ts';

/** A server of ours on this machine, which can be stopped, killed and started again on the same port and folder. */
export type LocalServer = {
  name: string;
  url: string;
  port: number;
  pid(): number | undefined;
  /** Starts it (unless it runs) and resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in good order; SIGKILL after `graceMs` (5 s). */
  stop(graceMs?: number): Promise<void>;
  /** kill -9, as a power cut would. */
  kill(): Promise<void>;
};

/** How one kind of server is run: what to execute, and how to see that it answers. */
export type ServerSpec = {
  name: string;
  url: string;
  port: number;
  logFile: string;
  launch: () => Omit<ChildSpec, 'name' | 'output'>;
  answers: () => Promise<boolean>;
  /** Called when it ends without having been asked to. */
  onExit?: (exit: Exit) => void;
};

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '';
  }
}

/** Builds the handle of a server from its spec, without starting it. */
export function localServer(spec: ServerSpec): LocalServer {
  let child: Child | undefined;
  let wanted = false;
  return {
    name: spec.name,
    url: spec.url,
    port: spec.port,
    pid: () => (child?.running() ? child.pid : undefined),
    async start() {
      if (child?.running()) return;
      const started = await startChild({ ...spec.launch(), name: spec.name, output: { file: spec.logFile } });
      child = started;
      wanted = true;
      let ended: Exit | undefined;
      void started.exit.then((exit) => {
        ended = exit;
        if (wanted && child === started) spec.onExit?.(exit);
      });
      try {
        const answered = await until(`${spec.name} to answer on port ${spec.port}`, async () =>
          ended ? 'ended' : (await spec.answers()) && 'answers',
        );
        if (answered === 'ended') {
          throw new Error(`${spec.name} ended while starting (${ended?.code ?? ended?.signal}). ${spec.logFile} says:
${lastLines(spec.logFile)}`);
        }
      } catch (error) {
        wanted = false;
        await started.kill();
        throw error;
      }
    },
    async stop(graceMs) {
      wanted = false;
      await child?.stop(graceMs);
    },
    async kill() {
      wanted = false;
      await child?.kill();
    },
  };
}
