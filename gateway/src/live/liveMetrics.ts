import type { Metrics } from '#platform/service/metrics.ts';

/** Who is connected, and how connections end. */
export function liveMetrics(metrics: Metrics) {
  return {
    sockets: metrics.gauge('gateway_sockets', 'WebSockets of clients that are open'),
    eventStreams: metrics.gauge('gateway_event_streams', 'Answers over server-sent events that are open'),
    closes: metrics.counter('gateway_closes_total', 'Sockets and event streams that have ended, by how', [
      'transport',
      'code',
    ]),
  };
}
