import type { EventContract } from '#events/defineEvent.ts';
import { SessionRevoked } from '#events/users.ts';

/** What follows events without a durable consumer: from the stream into memory, anew after each start. */
export type Follower = {
  /** The process that follows. */
  service: string;
  event: EventContract;
  /** The file that does, relative to the root; it exports a function of its name. */
  file: string;
};

/** Every follower of the system: the declarations in subgraphs/<name>/src/consumers don't have these. */
export const followers: readonly Follower[] = [
  { service: 'gateway', event: SessionRevoked, file: 'gateway/src/identity/followRevocations.ts' },
];
