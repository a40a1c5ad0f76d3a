import { CommentAdded } from '#events/comments.ts';
import { statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { announceActivity } from '../commands/announceActivity.ts';
import type { Deps } from '../deps.ts';
import { type Activity, commentActivity } from '../domain/activity.ts';
import { writingActivities } from '../store/activities.ts';

/** Writes into a task's feed that somebody commented on it. */
export const onCommentActivity = statementConsumer({
  name: 'notifications-on-comment-activity',
  events: [CommentAdded],
  gathers: true,
  effect: (events) => writingActivities(events.map(({ event }) => commentActivity(event))),
  afterCommit: (event, deps: Deps, written?: Activity[]) =>
    announceActivity(commentActivity(event), deps, written?.[0]),
});
