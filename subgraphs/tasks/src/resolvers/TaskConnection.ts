import type { TaskConnectionResolvers } from '../generated/resolvers.ts';

export const TaskConnection: TaskConnectionResolvers = {
  totalCount: ({ parentId, list }, _args, { loaders }) => loaders.taskCount.load({ parentId, page: list }),
};
