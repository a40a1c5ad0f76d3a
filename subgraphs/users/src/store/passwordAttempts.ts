import type { Database } from './database.ts';

/**
 * Counts an attempt on an account, unless there were too many: then it answers the seconds until one may be made, and counts
 * nothing; else null. They are forgotten so many seconds after the last that counted, so no stretch of that length has more.
 * By the clock of the database.
 */
export async function countAttempt(
  db: Database,
  account: string,
  { most, seconds }: { most: number; seconds: number },
): Promise<number | null> {
  const counted = await db.$executeRaw`
    insert into password_attempt as kept (account, count, until)
    values (${account}, 1, now() + make_interval(secs => ${seconds}))
    on conflict (account) do update
    set count = case when kept.until <= now() then 1 else kept.count + 1 end, until = excluded.until
    where kept.until <= now() or kept.count < ${most}`;
  if (counted > 0) return null;
  const [kept] = await db.$queryRaw<{ left: number }[]>`
    select ceil(extract(epoch from until - now()))::int as left from password_attempt where account = ${account}`;
  return Math.max(1, kept?.left ?? 1);
}

/** Takes an attempt back: it was none, or a right one. */
export async function takeBackAttempt(db: Database, account: string): Promise<void> {
  await db.$executeRaw`update password_attempt set count = count - 1 where account = ${account} and count > 0`;
}

/** Deletes what is forgotten. */
export async function pruneAttempts(db: Database): Promise<void> {
  await db.$executeRaw`delete from password_attempt where until <= now()`;
}
