import { CommentAdded } from '#events/comments.ts';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { announceActivity } from '../commands/announceActivity.ts';
import type { Deps } from '../deps.ts';
import { commentActivity } from '../domain/activity.ts';
import { insertActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';

/** Writes into a task's feed that somebody commented on it. */
export const onCommentActivity = factConsumer({
  name: 'notifications-on-comment-activity',
  events: [CommentAdded],
  handle: (tx: Database, event, _deps: Deps) => insertActivity(tx, commentActivity(event)),
  afterCommit: (event, deps: Deps) => announceActivity(commentActivity(event), deps),
});
