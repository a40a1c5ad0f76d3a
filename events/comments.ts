import { z } from 'zod';
import { defineEvent } from './defineEvent.ts';

/** Somebody commented on a task; with what a consumer needs to know of that task. The aggregate is the comment. */
export const CommentAdded = defineEvent({
  publisher: 'comments',
  aggregate: 'comment',
  name: 'added',
  version: 1,
  data: z.object({
    comment: z.object({
      id: z.uuid(),
      workspaceId: z.uuid(),
      taskId: z.uuid(),
      authorId: z.uuid(),
      body: z.string(),
    }),
    task: z.object({
      key: z.string(),
      title: z.string(),
      creatorId: z.uuid(),
      assigneeId: z.uuid().nullable(),
    }),
  }),
});
