import type { TaskDateResolvers } from '../generated/resolvers.ts';

export const TaskDate: TaskDateResolvers = {
  at: ({ at }) => (at === null ? null : new Date(at)),
};
