import type { Pool } from 'pg';
import type { Jobs } from '#platform/jobs/createJobs.ts';
import type { Live } from '#platform/live/createLive.ts';
import type { Logger } from '#platform/logger.ts';
import type { Outbox } from '#platform/outbox/createOutbox.ts';
import type { Prisma, PrismaClient } from '#prisma/notifications/client/client.ts';
import type { Access } from './access.ts';
import type { Activity } from './domain/activity.ts';
import type { Letters } from './letters.ts';
import type { Mailer } from './mail/createMailer.ts';
import type { Memberships } from './memberships.ts';
import type { People } from './people.ts';
import type { Places } from './places.ts';
import type { Reading } from './reading.ts';

/** What the code of this subgraph is given, built once at the start. */
export type Deps = {
  prisma: PrismaClient;
  /** The same database for statements of our own. */
  pool: Pool;
  /** Commits rows and their events in one transaction. */
  outbox: Outbox<Prisma.TransactionClient>;
  /** The projection of users' memberships; users is asked for what it lacks. */
  memberships: Memberships;
  /** The projection of users' accounts; users is asked for what it lacks. */
  people: People;
  /** Readers that all who read in the same turn of the event loop share. */
  reading: () => Reading;
  /** The projections of tasks' projects and tasks; tasks is asked for what they lack. */
  places: Record<Activity['subject'], Places>;
  /** What open streams ask about memberships, again and again. */
  access: Access;
  live: Live;
  /** How often an open feed is read again, in milliseconds: a hint that gets lost can delay what it told of by so much. */
  rereadFeedsMs: number;
  jobs: Jobs;
  mailer: Mailer;
  /** What users' letters say, asked when they are about to leave. */
  letters: Letters;
  log: Logger;
  now: () => Date;
};
