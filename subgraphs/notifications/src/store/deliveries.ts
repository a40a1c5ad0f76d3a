import { Prisma } from '#prisma/notifications/client/client.ts';
import type { Outcome } from '../domain/emailDelivery.ts';
import type { Database } from './database.ts';

/** A claim older than this belongs to a process that died: it may be taken over. */
const CLAIM_SECONDS = 60;

/** A claimed delivery, and which attempt this is. */
export type Claim = { id: string; attempts: number };

/** A page of overdue deliveries ends here; the next one begins after it. */
export type Overdue = { id: string; dueAt: Date };

/** A table whose rows say what is due by e-mail, and what became of it. */
export type Deliveries = {
  /**
   * Claims a due delivery before anything leaves the house, so that of several workers one sends. Null when there is nothing
   * to do: sent, given up, or claimed by another a moment ago.
   */
  claim(db: Database, id: string): Promise<Claim | null>;
  /** Writes what became of a claimed delivery, unless another has taken it over meanwhile. */
  settle(db: Database, claim: Claim, outcome: Outcome): Promise<void>;
  /** Gives a claim back as if it had not been: what was needed for the decision could not be had. */
  giveBack(db: Database, claim: Claim): Promise<void>;
  /**
   * Deliveries that should be on their way by now, the longest overdue first: due, or claimed by a process that died.
   * Pages, because after an outage there can be any number of them.
   */
  listOverdue(db: Database, after: Overdue | null, limit: number): Promise<Overdue[]>;
};

/** The deliveries of a table with the columns of email_delivery; `key` is its key. */
export function defineDeliveries(names: { table: string; key: string }): Deliveries {
  const [table, key] = [Prisma.raw(names.table), Prisma.raw(names.key)];
  const abandoned = Prisma.sql`(state = 'CLAIMED' and claimed_at < now() - make_interval(secs => ${CLAIM_SECONDS}))`;
  return {
    async claim(db, id) {
      const [claimed] = await db.$queryRaw<{ attempts: number }[]>`
        update ${table} set state = 'CLAIMED', claimed_at = now(), attempts = attempts + 1
        where ${key} = ${id}::uuid and (state = 'DUE' or ${abandoned})
        returning attempts`;
      return claimed ? { id, attempts: claimed.attempts } : null;
    },
    async settle(db, { id, attempts }, outcome) {
      const reason = 'reason' in outcome ? outcome.reason : null;
      const pauseMs = outcome.state === 'DUE' ? outcome.pauseMs : 0;
      await db.$executeRaw`
        update ${table} set
          state = ${outcome.state}::email_state,
          last_error = ${reason},
          claimed_at = null,
          sent_at = case when ${outcome.state} = 'SENT' then now() end,
          due_at = case when ${outcome.state} = 'DUE' then now() + make_interval(secs => ${pauseMs / 1000}::float8) else due_at end
        where ${key} = ${id}::uuid and state = 'CLAIMED' and attempts = ${attempts}`;
    },
    async giveBack(db, { id, attempts }) {
      await db.$executeRaw`
        update ${table} set state = 'DUE', claimed_at = null, attempts = attempts - 1
        where ${key} = ${id}::uuid and state = 'CLAIMED' and attempts = ${attempts}`;
    },
    listOverdue(db, after, limit) {
      const beyond = after
        ? Prisma.sql`and (due_at, ${key}) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`
        : Prisma.empty;
      return db.$queryRaw<Overdue[]>`
        select ${key} as id, due_at as "dueAt" from ${table}
        where ((state = 'DUE' and due_at <= now()) or ${abandoned}) ${beyond}
        order by due_at, ${key} limit ${limit}`;
    },
  };
}
