import type { z } from 'zod';

/** A kind of timed or retried work: its input, its identity, and what it does. */
export type Job<Input = unknown, Deps = unknown> = {
  name: string;
  input: z.ZodType<Input>;
  /**
   * The deterministic id, from the input: enqueueing the same work twice is one job. Parts are joined with `-`; BullMQ
   * keeps `:` for itself.
   */
  id(input: Input): string;
  /** How often it is tried before a sweep, which knows from Postgres whether it is still due, begins anew. */
  attempts: number;
  /** The first pause after a failure, in milliseconds; each further one is twice as long. */
  backoffMs: number;
  /** Does the work. `attempt` counts from 1. Throwing makes it a failed attempt. */
  handle(input: Input, deps: Deps, context: { attempt: number }): Promise<void>;
};

/** Declares a job. */
export function defineJob<Input, Deps>(job: Job<Input, Deps>): Job<Input, Deps> {
  return job;
}
