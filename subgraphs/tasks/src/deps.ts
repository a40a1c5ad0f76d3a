import type { Outbox } from '#platform/outbox/createOutbox.ts';
import type { Prisma, PrismaClient } from '#prisma/tasks/client/client.ts';
import type { Memberships } from './memberships.ts';
import type { Workspaces } from './workspaces.ts';

/** What the code of this subgraph is given, built once at the start. */
export type Deps = {
  prisma: PrismaClient;
  /** Commits rows and their events in one transaction. */
  outbox: Outbox<Prisma.TransactionClient>;
  /** The projection of users' memberships; users is asked for what it lacks. */
  memberships: Memberships;
  /** The projection of users' workspaces; users is asked for what it lacks. */
  workspaces: Workspaces;
  now: () => Date;
};
