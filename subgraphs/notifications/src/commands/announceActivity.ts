import { isOutage } from '#platform/consumer/isOutage.ts';
import type { DomainEvent } from '#platform/outbox/event.ts';
import type { Deps } from '../deps.ts';
import { activityKey, activityTopic } from '../feed/activityTopic.ts';
import { findActivity } from '../store/activities.ts';

/**
 * What follows the commit of an event's activity: the hint to open subscriptions. It is repeated when the event comes again,
 * as the process may have died before it. While Redis is away nothing is sent: subscriptions read again when it is back.
 */
export async function announceActivity(
  { id }: Pick<DomainEvent, 'id'>,
  { prisma, live, log }: Pick<Deps, 'prisma' | 'live' | 'log'>,
): Promise<void> {
  const activity = await findActivity(prisma, id);
  if (!activity) return;
  try {
    await live.publish(activityTopic, activityKey(activity), activity);
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.warn({ event_id: id, err: error }, 'Redis is away; this activity is seen later');
  }
}
