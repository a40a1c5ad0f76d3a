import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { probe } from '../service/probe.ts';
import type { Scope } from '../service/scope.ts';
import { boundedQueue } from './boundedQueue.ts';
import { channelOf, type Topic } from './defineTopic.ts';

/** An open subscription to one key of a topic. */
export type LiveStream<Payload> = AsyncIterableIterator<Payload> & { return(): Promise<IteratorResult<Payload>> };

/**
 * Live messages between processes, over Redis pub/sub. At most once by nature: a message tells that something is new,
 * and what must not be missed is read from Postgres.
 */
export type Live = {
  /** Sends to every process that listens now. Throws while Redis is away, and after 2 s without an answer. */
  publish<Payload>(topic: Topic<Payload>, key: string, payload: Payload): Promise<void>;
  /**
   * Whether any process listens to this key: what a message says need not be got together for nobody. Who subscribes later
   * reads Postgres after that. Throws while Redis is away, and after 2 s without an answer.
   */
  hasListeners(topic: Topic<never> | Topic, key: string): Promise<boolean>;
  /**
   * Listens. It resolves once Redis has confirmed the SUBSCRIBE, so that what is read from Postgres after that misses
   * nothing. A reader that falls more than 1,000 messages behind loses the oldest ones.
   */
  subscribe<Payload>(topic: Topic<Payload>, key: string): Promise<LiveStream<Payload>>;
  /** Calls back each time that Redis is back after it was away: messages may have been missed. */
  onReconnect(callback: () => void): () => void;
  connected(): boolean;
  /** Whether Redis answers now: a frozen one is connected, and does not. */
  answers(): Promise<boolean>;
};

const queueLimit = 1_000;

/**
 * How long Redis may be silent: whoever sends is a consumer, whose other events wait meanwhile. The connection is given up
 * then, too, so that what is sent next is refused at once.
 */
const silenceMs = 2_000;

/** Opens two connections to Redis: one that publishes and one that listens. */
export function createLive(options: { url: string; log: Logger; scope: Scope }): Live {
  const { url, log, scope } = options;
  const publisher = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: silenceMs,
    socketTimeout: silenceMs,
    retryStrategy,
  });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null, retryStrategy });
  // RedisPubSub doesn't wait for these, so nobody would handle that they fail. They do when the connection is closed, which
  // ends the subscription as well.
  for (const name of ['unsubscribe', 'punsubscribe'] as const) {
    const send = subscriber[name].bind(subscriber) as (...channels: string[]) => Promise<unknown>;
    subscriber[name] = ((...channels: string[]) => send(...channels).catch(() => null)) as typeof send &
      Redis[typeof name];
  }
  const pubsub = new RedisPubSub({ publisher, subscriber });
  scope.defer('live', () => {
    publisher.disconnect();
    subscriber.disconnect();
  });

  const callbacks = new Set<() => void>();
  let wasAway = false;
  subscriber.on('ready', async () => {
    if (!wasAway) return;
    wasAway = false;
    // ioredis has just sent the SUBSCRIBEs again; replies come in order, so this one comes after theirs.
    await subscriber.subscribe('live').catch(() => {});
    log.info('Redis is back; live messages flow again');
    for (const callback of [...callbacks]) callback();
  });
  subscriber.on('close', () => {
    wasAway = true;
  });
  for (const client of [publisher, subscriber]) {
    client.on('error', (error) => log.debug({ err: error }, 'Redis is away'));
  }

  const connected = () => subscriber.status === 'ready';
  const answersPing = probe(() => publisher.ping());
  return {
    publish: (topic, key, payload) => pubsub.publish(channelOf(topic, key), payload),
    async hasListeners(topic, key) {
      const [, count] = (await publisher.pubsub('NUMSUB', channelOf(topic, key))) as [string, number];
      return Number(count) > 0;
    },
    async subscribe<Payload>(topic: Topic<Payload>, key: string) {
      const queue = boundedQueue<Payload>(queueLimit);
      // RedisPubSub's own iterator subscribes at the first next(); its subscribe() waits for Redis to confirm.
      const id = await pubsub.subscribe(channelOf(topic, key), (message: unknown) => {
        const parsed = topic.payload.safeParse(message);
        if (parsed.success) queue.push(parsed.data);
        else log.warn({ topic: topic.name }, 'A live message has the wrong shape; dropped');
      });
      return queue.iterate(() => pubsub.unsubscribe(id));
    },
    onReconnect(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    connected,
    answers: async () => connected() && answersPing(),
  };
}

function retryStrategy(attempt: number): number {
  return Math.min(50 * attempt, 1_000);
}
