import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { visibleTask } from '../access.ts';
import type { TaskResolvers } from '../generated/resolvers.ts';
import { commentCursor } from '../store/comments.ts';

export const Task: TaskResolvers = {
  // A task of any id arrives here, also one that a client made up: each is authorised on its own.
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleTask(context, id) : null;
  },
  comments: async ({ id }, args, { loaders }) => {
    const page = parsePage(args, commentCursor.ordering, commentCursor.schema);
    return toConnection(await loaders.commentsOfTask.load({ parentId: id, page }), page, commentCursor.keys);
  },
};
