import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { probe } from '../service/probe.ts';
import type { Scope } from '../service/scope.ts';
import { createNonces, type Nonces } from './nonces.ts';

/**
 * The nonces of a service, shared by its replicas through Redis, so that a call that one has taken is a replay to all.
 * Never waits for Redis: while it is away, each replica remembers for itself.
 */
export function connectNonces(options: {
  url: string;
  service: string;
  log: Pick<Logger, 'debug'>;
  scope: Scope;
}): Nonces & { answers(): Promise<boolean> } {
  const { url, service, log, scope } = options;
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2_000),
  });
  scope.defer('nonces', () => redis.disconnect());
  redis.on('error', (error) => log.debug({ err: error }, 'Redis is away; nonces are remembered here'));
  const answersPing = probe(() => redis.ping());
  return { ...createNonces({ redis, service }), answers: async () => redis.status === 'ready' && answersPing() };
}
