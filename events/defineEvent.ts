import type { z } from 'zod';

/**
 * The contract of one event between subgraphs: who publishes it, about which kind of aggregate, and the shape of its data.
 *
 * `type` is the CloudEvents 1.0 `type` (`tasks.task.created.v1`). The version belongs to the name: a change that an old
 * consumer could not read gets a new version, published beside the old one.
 */
export type EventContract<Data = unknown> = {
  readonly publisher: string;
  readonly aggregate: string;
  readonly name: string;
  readonly version: number;
  readonly type: string;
  readonly data: z.ZodType<Data>;
};

/** Declares an event. Its file is named after its publisher, its constant after what happened: `TaskCreated`. */
export function defineEvent<Schema extends z.ZodType>(contract: {
  publisher: string;
  aggregate: string;
  name: string;
  version: number;
  data: Schema;
}): EventContract<z.output<Schema>> {
  const { publisher, aggregate, name, version, data } = contract;
  return {
    publisher,
    aggregate,
    name,
    version,
    type: `${publisher}.${aggregate}.${name}.v${version}`,
    data: data as unknown as z.ZodType<z.output<Schema>>,
  };
}
