import type { Metrics } from '#platform/service/metrics.ts';
import type { Caller } from '../context.ts';
import type { PreparedOperation } from '../executor/createExecutor.ts';
import { type Listener, openStream, type Stream, type StreamOptions } from './openStream.ts';

/** What a client has subscribed to, planned. */
export type StreamRequest = Omit<StreamOptions, 'format' | 'onDone'>;

/** The subscriptions of all clients. */
export type Streams = {
  /** Listens to a stream. Returns what makes the listener leave; the last one to leave cancels upstream. */
  listen(request: StreamRequest, listener: Listener): () => void;
};

type Shared = { stream: Stream; listeners: number };

/**
 * Opens streams. Identical subscriptions share one: the same operation of the same document under the same supergraph, with the same
 * variables, by the same viewer with the same address and program, so that the subgraph couldn't tell them apart. A client that
 * begins at a cursor shares only as long as no event has come.
 */
export function createStreams({
  format,
  metrics,
  share,
}: {
  format: StreamOptions['format'];
  metrics: Metrics;
  /** false: each subscription has an upstream operation of its own. */
  share: boolean;
}): Streams {
  // By prepared operation, which stands for generation, document and name; then by what one call differs in from another.
  const byOperation = new Map<PreparedOperation, Map<string, Shared>>();
  const { open, shared, upstream } = gauges(metrics);

  function start(request: StreamRequest, key: string): Shared {
    const { prepared, primary } = request;
    const known = byOperation.get(prepared) ?? new Map<string, Shared>();
    byOperation.set(prepared, known);
    const labels = { subgraph: primary.serviceName };
    upstream.inc(labels);
    const stream = openStream({
      ...request,
      format,
      onDone() {
        upstream.dec(labels);
        if (known.get(key)?.stream === stream) known.delete(key);
        if (known.size === 0 && byOperation.get(prepared) === known) byOperation.delete(prepared);
      },
    });
    const started = { stream, listeners: 0 };
    known.set(key, started);
    return started;
  }

  return {
    listen(request, listener) {
      const key = share ? keyOf(request.variables, request.caller) : crypto.randomUUID();
      const running = byOperation.get(request.prepared)?.get(key);
      const entry = running?.stream.joinable ? running : start(request, key);
      let gone = false;
      const count = (by: 1 | -1) => {
        // Those beyond the first are the ones that cost nothing upstream.
        if (entry.listeners > (by === 1 ? 0 : 1)) shared.inc(by);
        entry.listeners += by;
        open.inc(by);
      };
      const uncount = () => {
        if (!gone) count(-1);
        gone = true;
      };
      count(1);
      const leave = entry.stream.join({
        next: (text) => listener.next(text),
        get unsent() {
          return listener.unsent;
        },
        end(end) {
          uncount();
          listener.end(end);
        },
      });
      return () => {
        uncount();
        leave();
      };
    },
  };
}

/** All that the subgraphs are told of one call. */
function keyOf(variables: StreamRequest['variables'], { viewer, clientAddress, userAgent }: Caller): string {
  return JSON.stringify([viewer, clientAddress, userAgent, variables]);
}

function gauges(metrics: Metrics) {
  return {
    open: metrics.gauge('gateway_subscriptions', 'Subscriptions that clients have open'),
    shared: metrics.gauge(
      'gateway_shared_subscriptions',
      'Of these, those that ride on an upstream operation of another',
    ),
    upstream: metrics.gauge('gateway_upstream_operations', 'Subscriptions that are open at a subgraph', ['subgraph']),
  };
}
