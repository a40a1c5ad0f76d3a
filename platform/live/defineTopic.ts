import type { z } from 'zod';

/** A kind of live message between the processes of one subgraph, and its shape. */
export type Topic<Payload = unknown> = { name: string; payload: z.ZodType<Payload> };

/** Declares a topic. Its channels in Redis are `live:<name>:<key>`, one a key: a recipient, a project, a task. */
export function defineTopic<Payload>(topic: Topic<Payload>): Topic<Payload> {
  return topic;
}

/** The Redis channel of one key of a topic. */
export function channelOf(topic: Topic<never> | Topic, key: string): string {
  return `live:${topic.name}:${key}`;
}
