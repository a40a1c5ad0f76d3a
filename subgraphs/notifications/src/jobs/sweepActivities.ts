import type { Deps } from '../deps.ts';
import { pruneActivities } from '../store/activities.ts';

/** Deletes the activities whose retention is over: a stream can be resumed from them no longer. */
export async function sweepActivities(
  { prisma, now, log }: Pick<Deps, 'prisma' | 'now' | 'log'>,
  retentionDays: number,
): Promise<void> {
  const before = new Date(now().getTime() - retentionDays * 24 * 3_600_000);
  let pruned = 0;
  let round: number;
  do {
    round = await pruneActivities(prisma, before);
    pruned += round;
  } while (round > 0);
  if (pruned > 0) log.info({ pruned }, 'Activities whose retention is over are deleted');
}
