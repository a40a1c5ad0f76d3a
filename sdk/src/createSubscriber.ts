import { type Client, createClient, type FormattedExecutionResult, type Sink, type SubscribePayload } from 'graphql-ws';
import { errorOf, TaskgraphError } from './TaskgraphError.ts';

/** Subscriptions over graphql-ws, on one connection that exists while it is needed. */
export type Subscriber = {
  subscribe<Data>(
    operation: { query: string; operationName?: string; variables: Record<string, unknown> },
    signal?: AbortSignal,
  ): AsyncIterableIterator<Data>;
  close(): Promise<void>;
};

const pingMs = 15_000;
const pongPatienceMs = 10_000;
/** With waits of at most 10 s, this is trying for about five minutes. */
const retryAttempts = 30;

/** The gateway closes with 4403 when it refuses the token of a new connection, and with 4401 when the token runs out. */
const refused = 4403;
const expired = 4401;
const renewalGapMs = 1_000;

/** Connects at the first subscription, pings, and connects again when the connection is lost. */
export function createSubscriber(options: {
  url: string;
  authorization: () => Promise<Record<string, string>>;
  /** Whether `authorization` may have a new token when one has run out. */
  renewable: boolean;
  webSocket?: unknown;
}): Subscriber {
  let client: Client | undefined;
  if (options.webSocket !== undefined && !isWebSocket(options.webSocket)) throw noWebSocket('what it is given is none');
  const connect = (): Client => {
    let pong: ReturnType<typeof setTimeout> | undefined;
    const made = createClient({
      url: options.url,
      connectionParams: options.authorization,
      ...(options.webSocket ? { webSocketImpl: options.webSocket } : {}),
      retryAttempts,
      retryWait: (retries) => new Promise((done) => setTimeout(done, waitMs(retries))),
      shouldRetry: (event) => closeCode(event) !== refused,
      keepAlive: pingMs,
      on: {
        // A connection that died without a word: no pong comes back.
        ping: (received) => {
          if (!received) pong = setTimeout(() => made.terminate(), pongPatienceMs);
        },
        pong: (received) => {
          if (received) clearTimeout(pong);
        },
        closed: () => clearTimeout(pong),
      },
    });
    return made;
  };

  return {
    subscribe<Data>({ variables, ...operation }: Parameters<Subscriber['subscribe']>[0], signal?: AbortSignal) {
      const received: Data[] = [];
      let ended: { error?: unknown } | undefined;
      let wake = () => {};
      // graphql-ws sends this very object again after a reconnect: what is written into its variables counts then.
      const payload: SubscribePayload = { ...operation, variables };
      const resumable = /\$after\s*:/.test(operation.query);

      const end = (error?: unknown) => {
        ended ??= error === undefined ? {} : { error };
        wake();
      };
      if (!options.webSocket && !isWebSocket(globalThis.WebSocket)) throw noWebSocket('Node.js has none before 22');
      client ??= connect();
      const live = client;
      let renewedAt = 0;
      const sink: Sink<FormattedExecutionResult<Data>> = {
        next: ({ data, errors }) => {
          if (errors?.length) return end(errorOf(errors, data));
          // On arrival, not when the event is taken: what waits in `received` must not be sent again.
          const cursor = resumable ? cursorOf(data) : undefined;
          if (cursor !== undefined) variables.after = cursor;
          received.push(data as Data);
          wake();
        },
        error: (error) => {
          const renew = options.renewable && closeCode(error) === expired && Date.now() - renewedAt > renewalGapMs;
          if (!renew || ended) return end(toError(error));
          renewedAt = Date.now();
          unsubscribe = live.subscribe(payload, sink);
        },
        complete: () => end(),
      };
      let unsubscribe = live.subscribe(payload, sink);
      const abort = () => {
        end(signal?.reason);
        unsubscribe();
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
      const stop = () => {
        signal?.removeEventListener('abort', abort);
        unsubscribe();
      };

      const events = (async function* () {
        try {
          for (;;) {
            for (let event = received.shift(); event !== undefined; event = received.shift()) yield event;
            if (ended && 'error' in ended) throw ended.error;
            if (ended) return;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        } finally {
          stop();
        }
      })();
      return {
        next: () => events.next(),
        // A generator that nobody has asked for an event yet would end without its finally.
        return: (value?: unknown) => {
          stop();
          end();
          return events.return(value as undefined);
        },
        throw: (error: unknown) => events.throw(error),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    async close() {
      await client?.dispose();
    },
  };
}

const isWebSocket = (value: unknown): boolean => typeof value === 'function' && 'CLOSED' in value && 'OPEN' in value;

const noWebSocket = (why: string) =>
  new TaskgraphError(
    'NO_WEBSOCKET',
    `Subscriptions need a WebSocket, and ${why}: give createClient the option webSocket, the WebSocket of the package ws`,
  );

/** Exponential from 100 ms, at most 10 s, half of it random: so that a restarted server is not stormed. */
function waitMs(retries: number): number {
  const most = Math.min(10_000, 100 * 2 ** retries);
  return most / 2 + Math.random() * (most / 2);
}

/** The cursor of an event of a resumable subscription: its root field has one. */
function cursorOf(data: unknown): string | undefined {
  const [root] = Object.values((data ?? {}) as Record<string, { cursor?: unknown } | null>);
  return typeof root?.cursor === 'string' ? root.cursor : undefined;
}

function toError(error: unknown): unknown {
  if (Array.isArray(error)) return errorOf(error);
  if ([refused, expired].includes(closeCode(error))) {
    return new TaskgraphError('UNAUTHENTICATED', 'The server does not accept the token', { cause: error });
  }
  return new TaskgraphError('NETWORK_ERROR', 'The connection was lost', { cause: error });
}

function closeCode(event: unknown): number {
  const code = (event as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : 0;
}
