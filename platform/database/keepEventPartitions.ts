import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Scope } from '../service/scope.ts';

const everyMs = 6 * 60 * 60 * 1000;
const monthsAhead = 3;

/**
 * Makes the event partitions of the coming months as time passes, now and every six hours. A time that fails is logged and
 * the next one tries again: there are months to go, and the default partition takes what comes too early.
 */
export function keepEventPartitions({
  pool,
  log,
  scope,
}: {
  pool: Pick<Pool, 'query'>;
  log: Pick<Logger, 'warn'>;
  scope: Pick<Scope, 'defer'>;
}): void {
  const keep = () =>
    pool
      .query('SELECT backbone.ensure_event_partitions($1)', [monthsAhead])
      .catch((error: unknown) => log.warn({ err: error }, 'The coming event partitions could not be made'));
  let running = keep();
  const timer = setInterval(() => {
    running = keep();
  }, everyMs);
  scope.defer('event partitions', async () => {
    clearInterval(timer);
    await running;
  });
}
