import { randomUUID } from 'node:crypto';
import type { Metrics } from '#platform/service/metrics.ts';
import type { Generation } from '../graph/createGraph.ts';
import { type Listener, openStream, type Stream, type StreamOptions } from './openStream.ts';

/** What a client has subscribed to, planned. */
export type StreamRequest = Omit<StreamOptions, 'format' | 'onDone'> & {
  /** The supergraph that it was planned for. */
  generation: Generation;
  /** Stands for the text of the document and the name of the operation. */
  operationKey: string;
};

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
  const byGeneration = new WeakMap<Generation, Map<string, Shared>>();
  const { open, shared, upstream } = gauges(metrics);

  function start(request: StreamRequest, key: string): Shared {
    const { generation, primary } = request;
    const known = byGeneration.get(generation) ?? new Map<string, Shared>();
    byGeneration.set(generation, known);
    const labels = { subgraph: primary.serviceName };
    upstream.inc(labels);
    const release = generation.hold();
    const stream = openStream({
      ...request,
      format,
      onDone() {
        upstream.dec(labels);
        release();
        if (known.get(key)?.stream === stream) known.delete(key);
      },
    });
    const started = { stream, listeners: 0 };
    known.set(key, started);
    return started;
  }

  return {
    listen(request, listener) {
      const key = share ? keyOf(request) : randomUUID();
      const running = byGeneration.get(request.generation)?.get(key);
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

/** What is asked, and all that the subgraphs are told of who asks. */
function keyOf({ operationKey, variables, caller: { viewer, clientAddress, userAgent } }: StreamRequest): string {
  return JSON.stringify([operationKey, viewer, clientAddress, userAgent, variables]);
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
