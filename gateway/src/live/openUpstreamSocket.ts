import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  MessageType,
  type SubscribePayload,
  stringifyMessage,
  validateMessage,
} from 'graphql-ws';
import { WebSocket } from 'ws';
import { isResponse, type SubgraphResponse } from '../transport/createSubgraphClient.ts';

/**
 * How an upstream operation ended. `unavailable`: it never began. `lost`: the socket went away under it, and nobody knows
 * what was missed.
 */
export type UpstreamEnd =
  | { kind: 'complete' }
  | { kind: 'unavailable' }
  | { kind: 'errors'; errors: NonNullable<SubgraphResponse['errors']> }
  | { kind: 'lost'; reason: string };

/** Gets the events of one operation, and its end, once. */
export type UpstreamSink = { next(event: SubgraphResponse): void; end(end: UpstreamEnd): void };

/** One acknowledged socket to a subgraph, shared by many operations. */
export type UpstreamSocket = {
  readonly size: number;
  readonly open: boolean;
  /** Starts an operation. Returns what cancels it; its sink hears nothing after that. */
  start(payload: SubscribePayload, sink: UpstreamSink): () => void;
  close(): void;
};

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const PING_EACH_MS = 10_000;

/**
 * Opens a graphql-ws socket and waits for its acknowledgement. The protocol is
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md; its own client isn't used because it sends operations
 * again after a reconnect by itself: with a signature that has gone stale, and over a gap that nobody hears of.
 *
 * @throws Error when there is no acknowledged socket within `timeoutMs`
 */
export function openUpstreamSocket(url: string, timeoutMs: number, onIdle: () => void): Promise<UpstreamSocket> {
  const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
    handshakeTimeout: timeoutMs,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const sinks = new Map<string, UpstreamSink>();
  let lastId = 0;
  let alive = true;

  const upstream: UpstreamSocket = {
    get size() {
      return sinks.size;
    },
    get open() {
      return socket.readyState === WebSocket.OPEN;
    },
    start(payload, sink) {
      if (!upstream.open) {
        queueMicrotask(() => sink.end({ kind: 'lost', reason: 'closed before the operation began' }));
        return () => {};
      }
      lastId += 1;
      const id = String(lastId);
      sinks.set(id, sink);
      socket.send(stringifyMessage({ id, type: MessageType.Subscribe, payload }));
      return () => {
        if (!sinks.delete(id)) return;
        if (upstream.open) socket.send(stringifyMessage({ id, type: MessageType.Complete }));
        if (sinks.size === 0) onIdle();
      };
    },
    close: () => socket.close(1000, 'Normal Closure'),
  };

  function finish(id: string, end: UpstreamEnd): void {
    const sink = sinks.get(id);
    if (!sink) return;
    sinks.delete(id);
    sink.end(end);
    if (sinks.size === 0) onIdle();
  }

  const ping = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    if (upstream.open) socket.ping();
  }, PING_EACH_MS);
  socket.on('pong', () => {
    alive = true;
  });

  return new Promise((resolve, reject) => {
    const late = setTimeout(() => socket.terminate(), timeoutMs);
    let failure: Error | undefined;
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('open', () => socket.send(stringifyMessage({ type: MessageType.ConnectionInit })));
    socket.on('message', (data) => {
      alive = true;
      let message: Partial<Message>;
      try {
        message = readMessage(String(data));
      } catch (error) {
        failure = error as Error;
        socket.close(4004, 'Bad response');
        return;
      }
      const { type, id = '', payload } = message;
      if (type === MessageType.Next) sinks.get(id)?.next(eventOf(payload));
      else if (type === MessageType.ConnectionAck) {
        clearTimeout(late);
        resolve(upstream);
      } else if (type === MessageType.Ping) socket.send(stringifyMessage({ type: MessageType.Pong }));
      else if (type === MessageType.Error) {
        finish(id, { kind: 'errors', errors: eventOf({ errors: payload }).errors ?? [] });
      } else if (type === MessageType.Complete) finish(id, { kind: 'complete' });
    });
    socket.on('close', (code, reason) => {
      clearInterval(ping);
      clearTimeout(late);
      const why = failure?.message ?? `closed with ${code} ${reason}`;
      reject(failure ?? new Error(why));
      for (const id of [...sinks.keys()]) finish(id, { kind: 'lost', reason: why });
    });
  });
}

/** A message as far as it concerns us. Events aren't validated twice, and they are nearly all that comes. */
type Message = { type: string; id: string; payload: unknown };

function readMessage(text: string): Partial<Message> {
  const message: Partial<Message> | null = JSON.parse(text);
  if (message?.type === MessageType.Next && typeof message.id === 'string') return message;
  return validateMessage(message) as Partial<Message>;
}

/** What isn't GraphQL costs the event that it came as, as an answer that isn't costs its fields. */
function eventOf(payload: unknown): SubgraphResponse {
  if (isResponse(payload)) return payload;
  const message = 'The service has sent an event that is not GraphQL.';
  return { data: null, errors: [{ message, extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
}
