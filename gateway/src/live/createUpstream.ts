import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Scope } from '#platform/service/scope.ts';
import { resumeTrace, traceHeaders } from '#platform/telemetry/trace.ts';
import type { Caller } from '../context.ts';
import { openUpstreamSocket, type UpstreamSink, type UpstreamSocket } from './openUpstreamSocket.ts';

/** A subscription as the owning subgraph runs it. */
export type UpstreamOperation = {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
  /** The headers of the caller's trace go to `extensions`, beside the call. */
  caller: Caller;
};

/** The subscriptions of one subgraph. */
export type Upstream = {
  /** How long it may take until a subscription is open, in milliseconds. */
  readonly patienceMs: number;
  /**
   * Starts an operation as soon as there is a socket; the sink hears `unavailable` when there is none in time. Returns what
   * cancels it.
   */
  subscribe(operation: UpstreamOperation, sink: UpstreamSink): () => void;
};

const OPERATIONS_PER_SOCKET = 1_000;
const RETRY_MS = 250;

/** Keeps as few sockets to a subgraph as its operations need. Every operation is signed on its own, when it is sent. */
export function createUpstream(options: {
  name: string;
  url: string;
  keys: CallKeys | undefined;
  timeoutMs: number;
  log: Logger;
  scope: Scope;
  /** How long a socket without an operation is kept, in milliseconds. */
  idleMs?: number;
}): Upstream {
  const { name, keys, timeoutMs, log, scope, idleMs = 10_000 } = options;
  const url = options.url.replace(/^http/, 'ws');
  const { pathname, search } = new URL(url);
  const sockets = new Set<UpstreamSocket>();
  let opening: Promise<UpstreamSocket> | undefined;
  let closed = false;
  scope.defer(`subscriptions of ${name}`, () => {
    closed = true;
    for (const socket of sockets) socket.close();
  });

  async function open(): Promise<UpstreamSocket> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        if (closed) throw new Error('the subgraph is not in use any more');
        const socket: UpstreamSocket = await openUpstreamSocket(
          url,
          deadline - Date.now(),
          () => void closeIdle(socket),
        );
        if (closed) {
          socket.close();
          continue;
        }
        sockets.add(socket);
        // Whoever wanted it may have left meanwhile.
        void closeIdle(socket);
        return socket;
      } catch (error) {
        // A subgraph that restarts is back in a moment: clients that reconnect right away should find it.
        if (closed || Date.now() + RETRY_MS >= deadline) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  async function closeIdle(socket: UpstreamSocket): Promise<void> {
    if (!socket.open) sockets.delete(socket);
    await sleep(idleMs, undefined, { ref: false });
    if (socket.size > 0 && socket.open) return;
    sockets.delete(socket);
    socket.close();
  }

  function acquire(): UpstreamSocket | Promise<UpstreamSocket> {
    for (const socket of sockets) {
      if (!socket.open) sockets.delete(socket);
      else if (socket.size < OPERATIONS_PER_SOCKET) return socket;
    }
    opening ??= open().finally(() => {
      opening = undefined;
    });
    return opening;
  }

  return {
    patienceMs: timeoutMs,
    subscribe({ query, variables, operationName, caller }, sink) {
      let cancel: (() => void) | undefined;
      let cancelled = false;
      const start = async () => {
        let socket = await acquire();
        // Many may have waited for the same one.
        while (socket.open && socket.size >= OPERATIONS_PER_SOCKET) socket = await acquire();
        if (cancelled) return;
        const operation = { query, variables, operationName };
        const body = JSON.stringify(operation);
        const call =
          keys &&
          signCall({
            keys,
            caller: 'gateway',
            callee: name,
            path: pathname + search,
            viewer: caller.viewer,
            clientAddress: caller.clientAddress,
            userAgent: caller.userAgent,
            body,
            mutation: false,
          });
        const trace = resumeTrace(caller.trace, traceHeaders);
        cancel = socket.start({ ...operation, extensions: { ...trace, ...(call && { call }) } }, sink);
      };
      start().catch((error: unknown) => {
        if (cancelled) return;
        resumeTrace(caller.trace, () => log.warn({ err: error, subgraph: name }, 'a subscription cannot be opened'));
        sink.end({ kind: 'unavailable' });
      });
      return () => {
        cancelled = true;
        cancel?.();
      };
    },
  };
}
