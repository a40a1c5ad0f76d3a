import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/comments/client/client.ts';
import type { Comment } from '../domain/comment.ts';
import type { Database } from './database.ts';

/** The comments with these ids, in no order. */
export function findComments(db: Database, ids: readonly string[]): Promise<Comment[]> {
  return db.comment.findMany({ where: { id: { in: [...ids] } } });
}

/** The comments that somebody wrote: a page after an id, in the order of the ids. */
export function listCommentsBy(
  db: Database,
  authorId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Comment[]> {
  return db.comment.findMany({
    where: { authorId, ...(after && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: limit,
  });
}

/** Writes a new comment. Fails on its primary key. */
export async function insertComment(tx: Database, comment: Comment): Promise<void> {
  await tx.comment.create({ data: comment, select: { id: true } });
}

/** The keys of a cursor in a list of a task's comments, the oldest first. */
export const commentCursor = {
  ordering: 'comments +createdAt +id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (comment: Comment) => [comment.createdAt.toISOString(), comment.id],
};

/** The comments of each task, the oldest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listComments(db: Database, taskIds: readonly string[], { limit, after }: Page): Promise<Comment[]> {
  // Spelled out rather than "cursor is null or …": a generic plan could not use the index for that.
  const beyond = after
    ? Prisma.sql`and (created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<Comment[]>`
    select comment.* from unnest(${taskIds}::uuid[]) as wanted (task_id)
    cross join lateral (
      select id, workspace_id as "workspaceId", task_id as "taskId", author_id as "authorId", body, version,
        created_at as "createdAt"
      from comment
      where comment.task_id = wanted.task_id ${beyond}
      order by created_at, id
      limit ${limit + 1}
    ) as comment`;
}
