import type { JetStreamManager } from '@nats-io/jetstream';

const prefix = 'restored at version ';

/** Marks a stream as made anew after its publisher's restore to this version. In the description: 2.9 has no metadata. */
export async function markRestored(manager: JetStreamManager, stream: string, version: number): Promise<void> {
  const { config } = await manager.streams.info(stream);
  const description = prefix + version;
  if (config.description !== description) await manager.streams.update(stream, { ...config, description });
}

/** The restore that a stream was made anew after; 0 without one. */
export async function readRestoredMark(manager: JetStreamManager, stream: string): Promise<number> {
  const { description = '' } = (await manager.streams.info(stream)).config;
  return description.startsWith(prefix) ? Number(description.slice(prefix.length)) || 0 : 0;
}
