import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { root } from '#platform/root.ts';
import { bundleOf } from './build.ts';
import { type Child, type Exit, startChild } from './servers/childProcess.ts';
import { until } from './servers/until.ts';
import type { ServiceName } from './services.ts';

/** One service of the system, as a process that can be stopped and started again. */
export type ServiceProcess = {
  name: ServiceName;
  url: string;
  pid(): number | undefined;
  /** Starts it (unless it runs) and resolves when /readyz says yes. */
  start(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
  kill(): Promise<void>;
};

type Options = {
  name: ServiceName;
  port: number;
  env: () => NodeJS.ProcessEnv;
  logFile: string;
  /** Each line that it writes. */
  onLine: (line: string) => void;
  /** Called when it ends without having been asked to. */
  onExit: (exit: Exit) => void;
};

/** Describes a service without starting it. It runs the bundle that the build has made. */
export function serviceProcess({ name, port, env, logFile, onLine, onExit }: Options): ServiceProcess {
  const url = `http://127.0.0.1:${port}`;
  let child: Child | undefined;
  let wanted = false;
  mkdirSync(dirname(logFile), { recursive: true });
  const logStream = createWriteStream(logFile);

  const isReady = async (): Promise<boolean> => {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  };

  return {
    name,
    url,
    pid: () => (child?.running() ? child.pid : undefined),
    async start() {
      if (child?.running()) return;
      const last: string[] = [];
      const started = await startChild({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', bundleOf(name)],
        cwd: root,
        env: env(),
        output: {
          onLine(line) {
            logStream.write(`${line}\n`);
            if (last.push(line) > 12) last.shift();
            onLine(line);
          },
        },
      });
      child = started;
      wanted = true;
      let ready = false;
      let ended: Exit | undefined;
      void started.exit.then((exit) => {
        ended = exit;
        if (wanted && ready && child === started) onExit(exit);
      });
      const answered = await until(`${url}/readyz`, async () => (ended ? 'ended' : (await isReady()) && 'ready'), {
        everyMs: 25,
      }).catch(async (error) => {
        await started.kill();
        throw new Error(`${name} is not ready: ${error.message}\n${last.join('\n')}`, { cause: error });
      });
      if (answered === 'ended') {
        throw new Error(`${name} ended while starting (${describeExit(ended)}):\n${last.join('\n')}`);
      }
      ready = true;
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

/** `exit code 1`, or `signal SIGKILL`. */
export const describeExit = (exit: Exit | undefined): string =>
  exit?.signal ? `signal ${exit.signal}` : `exit code ${exit?.code}`;
