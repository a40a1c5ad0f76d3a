import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Logger } from 'pino';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long after it was published a message can still be in a stream, in milliseconds. */
export const streamMaxAgeMs = 7 * day;

/** The stream of what publishers republish for one consumer: `replay.<consumer>.<subject>`. */
export const replayStream = 'replay';

/**
 * The stream of one publisher. Limits retention, not a work queue: every consumer reads all of it at its own pace.
 * The duplicate window lets a message that is published again (a lost ack, the sweeper) be rejected by its id.
 * Only settings that nats-server 2.9 knows.
 */
function streamConfig(name: string): Pick<StreamConfig, 'name'> & Partial<StreamConfig> {
  return {
    name,
    subjects: [`${name}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(name === replayStream ? day : streamMaxAgeMs),
    duplicate_window: nanos(10 * minute),
  };
}

/**
 * Creates a publisher's stream (or the replay stream) or brings it up to its declaration; never deletes one. Publisher and
 * consumers both call this, so that they can start in any order. What was made or changed is logged.
 */
export async function ensureStream(
  manager: JetStreamManager,
  name: string,
  log?: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  const config = streamConfig(name);
  try {
    const { config: current } = await manager.streams.info(name);
    const changes = differences(config, current);
    if (Object.keys(changes).length === 0) return;
    await manager.streams.update(name, config);
    log?.warn({ stream: name, changes }, 'The stream was not as declared; changed');
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await ignoreExisting(() => manager.streams.add(config));
    log?.info({ stream: name }, 'The stream is new');
  }
}

/** What a declaration has otherwise than the server. */
export type Changes = Record<string, { from: unknown; to: unknown }>;

/**
 * The settings of a declaration that the server has otherwise. Of a map (metadata) only what is declared counts: the server
 * adds entries of its own.
 */
export function differences(wanted: object, current: object): Changes {
  const has = current as Record<string, unknown>;
  const changes: Changes = {};
  for (const [key, to] of Object.entries(wanted)) {
    const from = has[key];
    const isMap = typeof to === 'object' && to !== null && !Array.isArray(to);
    const same = isMap
      ? Object.keys(differences(to, (from as object | undefined) ?? {})).length === 0
      : JSON.stringify(to) === JSON.stringify(from);
    if (!same) changes[key] = { from, to };
  }
  return changes;
}

/** True when the server says that there is no such stream, consumer or message. */
export function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.apiError().code === 404;
}

/** Two processes may create the same thing at once. 10058: stream name in use; 10148, 10013: consumer exists. */
export async function ignoreExisting(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    const code = error instanceof JetStreamApiError ? error.apiError().err_code : 0;
    if (![10058, 10148, 10013].includes(code)) throw error;
  }
}
