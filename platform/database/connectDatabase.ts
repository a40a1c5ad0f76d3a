import pg from 'pg';
import type { Logger } from 'pino';
import type { Scope } from '../service/scope.ts';

/** What {@link connectDatabase} needs. */
export type DatabaseOptions = {
  /** postgresql://login:password@host:port/database */
  url: string;
  /** Connections at most. */
  size: number;
  log: Pick<Logger, 'warn'>;
  scope: Scope;
};

/**
 * A pool of connections to a service's own database, which Prisma's adapter and plain queries share. Nothing is connected
 * until the first query, so a service starts while Postgres is away; a restart of Postgres fails the queries that run
 * (isConnectionError tells) and nothing else.
 *
 * Sessions are in UTC: Prisma's adapter writes a DateTime without its offset.
 */
export function connectDatabase({ url, size, log, scope }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: '-c TimeZone=UTC',
    // A forgotten transaction must not hold its locks, and the vacuum, for ever.
    idle_in_transaction_session_timeout: 60_000,
  });
  // An idle client's error arrives at the pool; a checked-out one's at the client. Unheard, either ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection was lost'));
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn({ err: error }, 'A database connection in use was lost'));
  });
  scope.defer('database', () => pool.end());
  return pool;
}
