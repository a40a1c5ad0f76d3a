import { referenceId } from '#platform/graphql/referenceId.ts';
import { visibleComment } from '../access.ts';
import type { CommentResolvers } from '../generated/resolvers.ts';

export const Comment: CommentResolvers = {
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleComment(context, id) : null;
  },
  task: ({ taskId }) => ({ id: taskId }),
  author: ({ authorId }) => ({ id: authorId }),
};
