import { type ChildProcess, spawn } from 'node:child_process';
import { defaultPorts, portVariable } from '#dev/env.ts';
import { freePort } from '#platform/testing/freePort.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { processTree, stillRunning } from './processTree.ts';

/** `npm start` or `npm run dev`, once its box is there. */
export type NpmRun = {
  process: ChildProcess;
  /** All that it has written so far. */
  output: () => string;
  /** The gateway's GraphQL. */
  url: string;
  /** npm, the start and everything that they have started. */
  tree: number[];
};

/** Runs the commands of package.json on free ports, and kills what is left of them at the end. */
export function createNpm() {
  const started: ChildProcess[] = [];
  return {
    /** Without servers that the environment may give, unless `given` does. */
    async run(
      script: 'start' | 'dev',
      { cwd, dataDir, given = {} }: { cwd: string; dataDir: string; given?: NodeJS.ProcessEnv },
    ): Promise<NpmRun> {
      const env: NodeJS.ProcessEnv = { ...process.env, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
      for (const name of Object.keys(defaultPorts)) env[portVariable(name)] = String(await freePort());
      for (const name of ['POSTGRES_URL', 'REDIS_URL', 'NATS_URL']) delete env[name];
      Object.assign(env, given);
      // In a process group of its own, as a terminal would run it, so that a Ctrl-C can be sent to all of it.
      const npm = spawn('npm', ['run', script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      started.push(npm);
      let output = '';
      for (const stream of [npm.stdout, npm.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
        });
      }
      await waitFor(() => output.includes('╰──') || npm.exitCode !== null, { timeoutMs: 90_000 });
      if (!output.includes('╰──')) throw new Error(`npm run ${script} ended:\n${output}`);
      return {
        process: npm,
        output: () => output,
        url: /GraphQL +(http:\/\/\S+)/.exec(output)?.[1] ?? '',
        tree: processTree(npm.pid as number),
      };
    },
    /** Kills what a failed test has left behind, so that it is not in the way of the next one. */
    async killAll() {
      for (const { pid, exitCode, signalCode } of started.splice(0)) {
        if (exitCode !== null || signalCode !== null) continue;
        const tree = processTree(pid as number);
        process.kill(-(pid as number), 'SIGKILL');
        await waitFor(() => stillRunning(tree).length === 0);
      }
    },
  };
}
