import { canUnlink } from '../domain/identity.ts';
import type { IdentityResolvers } from '../generated/resolvers.ts';

export const Identity: IdentityResolvers = {
  viewerCanUnlink: async ({ id, userId }, _args, { deps, loaders }) => {
    const ways = await loaders.waysIn.load(userId);
    return ways !== null && canUnlink(ways, id, deps.providers.knows);
  },
};
