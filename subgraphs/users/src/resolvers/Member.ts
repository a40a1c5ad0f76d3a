import type { MemberResolvers } from '../generated/resolvers.ts';

export const Member: MemberResolvers = {
  // Whoever sees the membership shares the workspace, and may know who it is.
  user: async ({ userId }, _args, { loaders }) => {
    const user = await loaders.user.load(userId);
    if (!user) throw new Error(`User ${userId} is gone`);
    return user;
  },
};
