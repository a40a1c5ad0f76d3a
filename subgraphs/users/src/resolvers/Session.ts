import type { SessionResolvers } from '../generated/resolvers.ts';

export const Session: SessionResolvers = {
  current: ({ id }, _args, { viewer }) => viewer?.sessionId === id,
};
