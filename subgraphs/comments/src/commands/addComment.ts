import { z } from 'zod';
import { CommentAdded } from '#events/comments.ts';
import { claimClientId, isRepeat } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { clientIdSchema, idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { isArchived, viewerRole, visibleComment, visibleTask } from '../access.ts';
import type { Context } from '../context.ts';
import { bodySchema, type Comment, commentAdded, newComment } from '../domain/comment.ts';
import type { AddCommentInput } from '../generated/resolvers.ts';
import { insertComment } from '../store/comments.ts';

const inputSchema = z.strictObject({ id: clientIdSchema.nullish(), taskId: idSchema, body: bodySchema });

/**
 * Comments on a task. A retry with the same client id, by the same person and with the same input, returns the first one.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (no such task), WORKSPACE_ARCHIVED, ID_TAKEN, SERVICE_UNAVAILABLE.
 */
export async function addComment(context: Context, rawInput: AddCommentInput): Promise<Comment> {
  const { deps, viewer, loaders } = context;
  const { userId } = requireViewer(viewer);
  const { id: clientId, ...input } = parseInput(inputSchema, rawInput);
  const claim = clientId && { id: clientId, kind: 'comment', creatorId: userId, input };
  const id = clientId ?? newId();
  const first = async () => (await visibleComment(context, id)) ?? refuse('NOT_FOUND', 'There is no such comment');

  if (claim && (await isRepeat(deps.prisma, claim))) return first();
  const task = (await visibleTask(context, input.taskId)) ?? refuse('NOT_FOUND', 'There is no such task');
  const { workspaceId } = task;
  const [role, archived] = await Promise.all([viewerRole(context, workspaceId), isArchived(context, workspaceId)]);
  const comment = newComment({ id, task, authorId: userId, body: input.body, role, archived, now: deps.now() });

  const added = await deps.outbox
    .commit(async (tx, record) => {
      if (claim && (await claimClientId(tx, claim)) === 'same') return null;
      await insertComment(tx, comment);
      const data = commentAdded(task, comment);
      record(CommentAdded, { aggregateId: id, version: comment.version, actorId: userId, data });
      return comment;
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'comment_pkey')) refuse('ID_TAKEN', 'This id is taken');
      throw error;
    });
  // Of several mutations in one operation, each answers with the list after itself.
  loaders.commentsOfTask.clearAll();
  loaders.comment.clear(id);
  return added ?? first();
}
