import { CommentAdded } from '#events/comments.ts';
import { statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { prepareTelling, sendOut } from '../commands/tell.ts';
import type { Deps } from '../deps.ts';
import { toldOfComment } from '../domain/recipients.ts';
import { commentTitle } from '../domain/title.ts';
import { writingNotifications } from '../store/notifications.ts';

/** Tells the assignee and the creator of a task that somebody commented on it. */
export const onCommentAdded = statementConsumer({
  name: 'notifications-on-comment-added',
  events: [CommentAdded],
  prepare: (event, deps: Deps) => {
    const { comment, task } = event.data;
    const news = {
      kind: 'COMMENT_ADDED' as const,
      workspaceId: comment.workspaceId,
      taskId: comment.taskId,
      userIds: toldOfComment(event.data),
      title: (actor: string | null) => commentTitle({ actor, task }),
    };
    return prepareTelling(event, news, deps);
  },
  effect: (events) => writingNotifications(events.map(({ prepared }) => prepared)),
  afterCommit: sendOut,
});
