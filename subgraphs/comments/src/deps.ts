import type { Outbox } from '#platform/outbox/createOutbox.ts';
import type { ReadThrough } from '#platform/projection/createReadThrough.ts';
import type { Prisma, PrismaClient } from '#prisma/comments/client/client.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import type { Task } from './domain/task.ts';
import type { Database } from './store/database.ts';

/** What the code of this subgraph is given, built once at the start. */
export type Deps = {
  prisma: PrismaClient;
  /** Commits rows and their events in one transaction. */
  outbox: Outbox<Prisma.TransactionClient>;
  /** The projection of users' memberships; users is asked for what it lacks. */
  memberships: ReadThrough<Database, MembershipKey, Membership>;
  /** The projection of tasks' tasks; tasks is asked for what it lacks. */
  tasks: ReadThrough<Database, string, Task>;
  now: () => Date;
};
