import { isOutage } from '#platform/consumer/isOutage.ts';
import type { Deps } from '../deps.ts';
import type { Activity, NewActivity, Subject } from '../domain/activity.ts';
import { activityKey, activityTopic } from '../feed/activityTopic.ts';
import { findActivity } from '../store/activities.ts';

/**
 * What follows the commit of an event's activity: the hint to open subscriptions, if there are any. It is repeated when the event
 * comes again, as the process may have died before it. While Redis is away nothing is sent: subscriptions read again when it is
 * back.
 */
export async function announceActivity(
  { eventId, ...of }: Subject & Pick<NewActivity, 'eventId'>,
  { prisma, live, log }: Pick<Deps, 'prisma' | 'live' | 'log'>,
  written?: Activity,
): Promise<void> {
  const key = activityKey(of);
  try {
    // Few projects are followed at a time, so this is what mostly happens.
    if (!(await live.hasListeners(activityTopic, key))) return;
    const activity = written ?? (await findActivity(prisma, eventId));
    if (activity) await live.publish(activityTopic, key, activity);
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.warn({ event_id: eventId, err: error }, 'Redis is away; this activity is seen later');
  }
}
