import { Refusal, refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseId } from '#platform/ids.ts';
import { parsePage, writeCursor } from '#platform/pages.ts';
import type { Context } from '../context.ts';
import type { Activity, Subject } from '../domain/activity.ts';
import type { Place } from '../domain/place.ts';
import { canSee } from '../domain/policy.ts';
import { activityKey, activityTopic } from '../feed/activityTopic.ts';
import { type Feed, followFeed } from '../feed/followFeed.ts';
import { sequenceKeys } from '../feed/sequenceKeys.ts';
import { findActivityBounds, listActivities } from '../store/activities.ts';

/** An activity cursor is good for one feed. */
const orderingOf = ({ subject, subjectId }: Subject) => `activity ${subject} ${subjectId}`;

/** The cursor of an activity. */
export const activityCursor = (activity: Activity): string =>
  writeCursor(orderingOf(activity), sequenceKeys.keys(activity));

/**
 * Follows what happens in a project or to a task. Whether the viewer may see it is decided now and again for each activity:
 * the workspace has to be the viewer's, and so has that of the task, which may have moved elsewhere; such an activity is passed
 * over. Whoever is no longer a member gets NOT_FOUND, also while nothing happens.
 *
 * Refusals: UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND (also where there is none), CURSOR_EXPIRED, SERVICE_UNAVAILABLE.
 */
export async function followActivity(
  context: Context,
  subject: Subject['subject'],
  { id, argument, after }: { id: string; argument: string; after: string | null | undefined },
): Promise<Feed<Activity>> {
  const { deps, viewer } = context;
  const { userId } = requireViewer(viewer);
  const of: Subject = { subject, subjectId: parseId(id, [argument]) };
  const page = parsePage({ after }, orderingOf(of), sequenceKeys.schema);
  const gone = new Refusal('NOT_FOUND', `There is no such ${subject.toLowerCase()}`);
  const { workspaceId } = (await visiblePlace(context, of)) ?? refuse(gone.code, gone.message);

  const source = {
    topic: activityTopic,
    key: activityKey(of),
    bounds: () => findActivityBounds(deps.prisma, of),
    list: (last: number, limit: number) => listActivities(deps.prisma, of, last, limit),
    watch: (end: (why: Error) => void) => deps.access.watch({ userId, workspaceId }, () => end(gone)),
    async maySee(activity: Activity) {
      const [isMember, now] = await Promise.all([
        deps.access.maySee(userId, workspaceId),
        deps.access.workspaceOf(activity.taskId),
      ]);
      if (!isMember) throw gone;
      const others = new Set([activity.workspaceId, now ?? workspaceId]);
      others.delete(workspaceId);
      const seen = await Promise.all([...others].map((other) => deps.access.maySee(userId, other)));
      return seen.every(Boolean);
    },
  };
  return followFeed(deps, source, page.after && Number(page.after[0]));
}

/**
 * The project or the task, if the viewer may see it. If the projection doesn't have it, or it isn't the viewer's, tasks is
 * asked for it either way: whether it has not arrived yet, belongs to others or isn't there, neither the answer nor the time
 * tells.
 */
async function visiblePlace({ deps, viewer }: Context, { subject, subjectId: id }: Subject): Promise<Place | null> {
  const { userId } = requireViewer(viewer);
  const places = deps.places[subject];
  const memberships = deps.memberships.reader(deps.pool);
  const kept = await places.find(deps.prisma, id);
  const membership = await memberships.load({ workspaceId: kept?.workspaceId ?? id, userId }, id);
  if (kept && canSee(membership?.role ?? null)) return kept;

  const miss = `${userId} ${id}`;
  if (places.misses.has(miss)) return null;
  const told = await places.ask(id);
  const confirmed = await memberships.confirm({ workspaceId: told?.workspaceId ?? id, userId });
  // On one that is here it was decided above.
  if (kept || !told || !canSee(confirmed?.role ?? null)) {
    places.misses.add(miss);
    return null;
  }
  await places.keep(deps.prisma, told);
  return told;
}
