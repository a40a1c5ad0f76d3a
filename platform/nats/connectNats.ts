import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { probe } from '../service/probe.ts';
import type { Scope } from '../service/scope.ts';
import { featuresOf, type NatsFeatures } from './features.ts';

/** A connection to NATS that may be away: a service starts and serves without it, and goes on when it is back. */
export type NatsLink = {
  connected(): boolean;
  /** Whether the server answers now: a frozen one is connected, and does not. */
  answers(): Promise<boolean>;
  /** The connection itself, for what is not JetStream; null until the first connection is there. */
  connection(): NatsConnection | null;
  /** What the server that it is connected to can do. */
  features(): NatsFeatures;
  /** The JetStream client; null until the first connection is there. */
  jetstream(): JetStreamClient | null;
  /** The JetStream administration; null until the first connection is there. */
  manager(): JetStreamManager | null;
  /** Calls back at the first connection and after each reconnect. Returns the way to stop that. */
  onConnect(callback: () => void): () => void;
  /** Resolves once connected, or when the signal aborts. */
  whenConnected(signal: AbortSignal): Promise<void>;
};

/** Connects in the background and reconnects forever; never blocks and never fails the start. */
export function connectNats(options: { url: string; service: string; log: Logger; scope: Scope }): NatsLink {
  const { service, log, scope } = options;
  const { server, login } = readUrl(options.url);
  const callbacks = new Set<() => void>();
  let connection: NatsConnection | null = null;
  let client: JetStreamClient | null = null;
  let manager: JetStreamManager | null = null;
  let online = false;
  let closing = false;

  const announce = () => {
    online = true;
    for (const callback of [...callbacks]) callback();
  };

  const follow = async (established: NatsConnection) => {
    for await (const status of established.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') {
        if (online && !closing) log.warn({ server }, 'NATS is away; events wait in the outbox');
        online = false;
      } else if (status.type === 'reconnect') {
        log.info({ server }, 'NATS is back');
        announce();
      }
    }
  };

  const connecting = (async () => {
    while (!closing) {
      try {
        const established = await connect({
          servers: server,
          ...login,
          name: service,
          maxReconnectAttempts: -1,
          reconnectTimeWait: 250,
          reconnectJitter: 100,
          pingInterval: 10_000,
          timeout: 2_000,
          // An error made in advance for each request: a twentieth of what it costs to publish.
          noAsyncTraces: true,
        });
        if (closing) return void (await established.close());
        connection = established;
        client = jetstream(established);
        manager = await jetstreamManager(established, { checkAPI: false, timeout: 2_000 });
        void follow(established);
        announce();
        return;
      } catch (error) {
        if (!closing) log.warn({ server, err: error }, 'NATS cannot be reached; trying again');
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  })();

  scope.defer('nats', async () => {
    closing = true;
    await connecting;
    await connection?.close();
  });

  const answersPing = probe(async () => connection?.flush());
  return {
    connected: () => online,
    answers: async () => online && answersPing(),
    connection: () => connection,
    features: () => featuresOf(connection?.info?.version),
    jetstream: () => client,
    manager: () => manager,
    onConnect(callback) {
      callbacks.add(callback);
      if (online) callback();
      return () => callbacks.delete(callback);
    },
    whenConnected: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted || online) return resolve();
        const done = () => {
          callbacks.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        callbacks.add(done);
        signal.addEventListener('abort', done);
      }),
  };
}

/** The client takes no login out of a URL: it is told `nats://user:password@host`, or `nats://token@host`, as options. */
function readUrl(url: string): { server: string; login: { user?: string; pass?: string; token?: string } } {
  const { host, username, password } = new URL(url);
  const [name, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return { server: host, login: secret ? { user: name, pass: secret } : name ? { token: name } : {} };
}
