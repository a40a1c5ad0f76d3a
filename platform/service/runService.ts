import type { Logger } from 'pino';
import { z } from 'zod';
import { processEnv, readEnv } from '../env.ts';
import { createLogger, finishLog } from '../logger.ts';
import { createScope, type Scope } from './scope.ts';

const lifecycleEnv = z.object({
  LOG_LEVEL: processEnv(0).LOG_LEVEL,
  /** Set by whoever starts services as children over a pipe: see watchParent. */
  WATCH_PARENT: z.string().optional(),
});

/**
 * The life of a service's process. SIGTERM or SIGINT: not ready any more, then everything that `start` deferred is
 * released in reverse order, within 10 s, and the exit code is 0; a second signal exits at once.
 * A start that fails, and an error that nobody caught, is logged and exits with 1.
 */
export function runService(name: string, start: (scope: Scope, log: Logger) => Promise<unknown>): void {
  const env = readEnv(lifecycleEnv);
  const log = createLogger({ service: name, level: env.LOG_LEVEL });
  // A second less than the 10 s after which a parent or an orchestrator may kill.
  const scope = createScope({ log, seconds: 9 });
  let stopping = false;

  const stop = async (reason: string, exitCode: number) => {
    if (stopping) return process.exit(exitCode || 1);
    stopping = true;
    log.info({ reason }, 'stopping');
    await scope.close();
    log.info('stopped');
    await finishLog(log);
    process.exit(exitCode);
  };

  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));
  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));
  process.on('unhandledRejection', (error) => fail(error, 'unhandled rejection'));
  if (env.WATCH_PARENT === '1') watchParent(() => void stop('the parent is gone', 0));

  function fail(error: unknown, message: string): void {
    log.fatal({ err: error }, message);
    // The state is unknown: nothing is drained, Postgres and JetStream take back what was under way.
    process.exit(1);
  }

  start(scope, log).catch((error: unknown) => {
    // A stop during the start makes it fail half-way: that is not an error.
    if (stopping) return;
    log.fatal({ err: error }, 'the start failed');
    void stop('the start failed', 1);
  });
}

/** A parent that dies (even by SIGKILL) closes our stdin: leave with it, so that no child lingers. */
function watchParent(onGone: () => void): void {
  let gone = false;
  const leave = () => {
    // An end is followed by a close: a second stop would mean "at once".
    if (!gone) onGone();
    gone = true;
  };
  for (const event of ['end', 'close', 'error']) process.stdin.on(event, leave);
  process.stdin.resume();
}
