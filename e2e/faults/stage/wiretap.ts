import type { NatsConnection } from '@nats-io/transport-node';
import type { Scope } from '#platform/service/scope.ts';

/** Listens to what consumers tell the server about their messages. */
export type Wiretap = {
  /** How many deliveries there were beyond the first of each message. At least: what nobody answered is not heard. */
  redeliveries(): number;
};

/**
 * The subject of an acknowledgement names the delivery: `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer
 * seq>.<time>.<pending>`, or with domain and account hash before the stream and a token at the end.
 * https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-15.md
 */
export function tapAcknowledgements(nats: NatsConnection, stream: string, scope: Scope): Wiretap {
  const messages = new Map<string, { deliveries: Set<string>; highest: number }>();
  const subscription = nats.subscribe('$JS.ACK.>', {
    callback(_error, { subject }) {
      const tokens = subject.split('.');
      const [of, consumer, delivered, sequence, place] = tokens.slice(tokens.length >= 11 ? 4 : 2);
      if (of !== stream) return;
      const key = `${consumer} ${sequence}`;
      const seen = messages.get(key) ?? { deliveries: new Set<string>(), highest: 0 };
      seen.deliveries.add(`${delivered} ${place}`);
      seen.highest = Math.max(seen.highest, Number(delivered));
      messages.set(key, seen);
    },
  });
  scope.defer('wiretap', () => subscription.unsubscribe());
  return {
    redeliveries: () =>
      [...messages.values()].reduce((sum, { deliveries, highest }) => sum + Math.max(deliveries.size, highest) - 1, 0),
  };
}
