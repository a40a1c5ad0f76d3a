import { DeliverPolicy, type JetStreamManager, type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { replayStream } from '#platform/nats/streams.ts';
import { decodeEnvelope } from '#platform/outbox/envelope.ts';
import { subgraphs } from '../subgraphs.ts';
import { cut, type Output } from './print.ts';
import { CommandError } from './targets.ts';

/** What `tail` follows. */
export type TailOptions = {
  /** A subject, with wildcards: `tasks.task.*.created`, `*.task.>`; all events unless given. */
  subject?: string;
  /** From when on; from now on unless given. */
  since?: Date;
  /** Whole envelopes, a line each. */
  json: boolean;
  /** Ends after so many events. */
  count?: number;
  signal: AbortSignal;
};

/** The streams that a subject lies in, with the subject in each. */
export function streamsOf(
  subject: string | undefined,
  streams: readonly string[],
): { stream: string; filter: string }[] {
  if (subject === undefined || subject === '>') return streams.map((stream) => ({ stream, filter: `${stream}.>` }));
  const [first, ...rest] = subject.split('.');
  if (rest.length === 0 || subject.split('.').includes('')) {
    throw new CommandError(`${subject} is no subject of an event: <publisher>.<aggregate>.<aggregate id>.<event>`, {
      usage: true,
    });
  }
  const chosen = first === '*' ? streams : streams.filter((stream) => stream === first);
  if (chosen.length === 0) {
    throw new CommandError(`There is no stream ${first}. Streams: ${streams.join(', ') || 'none'}`, { usage: true });
  }
  return chosen.map((stream) => ({ stream, filter: [stream, ...rest].join('.') }));
}

/** A duration of the command line, in milliseconds: `90s`, `10m`, `2h`, `3d`. */
export function parseSince(text: string): number {
  const [, number, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  const sizes: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  if (!number || !unit) throw new CommandError(`${text} is no duration: 90s, 10m, 2h or 3d`, { usage: true });
  return Number(number) * (sizes[unit] ?? 0);
}

/** `tail`: prints events as they come, until the signal aborts or `count` is reached. Leaves nothing behind on the server. */
export async function tailEvents(
  { connection, manager }: { connection: NatsConnection; manager: JetStreamManager },
  options: TailOptions,
  output: Output,
): Promise<void> {
  const there: string[] = [];
  for await (const { config } of manager.streams.list()) {
    if (config.name !== replayStream && subgraphs.some((name) => name === config.name)) there.push(config.name);
  }
  const done = new AbortController();
  const signal = AbortSignal.any([options.signal, done.signal]);
  let left = options.count ?? Number.POSITIVE_INFINITY;
  const follow = async ({ stream, filter }: { stream: string; filter: string }) => {
    const consumer = await jetstream(connection).consumers.get(stream, {
      filter_subjects: filter,
      ...(options.since
        ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: options.since.toISOString() }
        : { deliver_policy: DeliverPolicy.New }),
    });
    const messages = await consumer.consume();
    const stop = () => void messages.close();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    for await (const message of messages) {
      if (left <= 0) break;
      output.line(renderMessage(message, options.json, output.width));
      if (--left <= 0) done.abort();
    }
    signal.removeEventListener('abort', stop);
    // The server would forget it by itself, in five minutes.
    await consumer.delete().catch(() => false);
  };
  await Promise.all(streamsOf(options.subject, there).map(follow));
}

function renderMessage(message: JsMsg, json: boolean, width?: number): string {
  if (json) return message.string();
  try {
    const event = decodeEnvelope(message.string());
    const by = event.actorId ? `  by ${event.actorId}` : '';
    const head = `${event.time.toISOString()}  ${event.type}  ${event.aggregateId}  version ${event.version}${by}`;
    return cut(`${head}  ${JSON.stringify(event.data)}`, width);
  } catch {
    return cut(
      `${message.time.toISOString()}  ${message.subject}  (no event)  ${JSON.stringify(message.string())}`,
      width,
    );
  }
}
