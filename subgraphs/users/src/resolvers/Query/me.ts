import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const me: QueryResolvers['me'] = async (_root, _args, { viewer, loaders }) => {
  const { userId } = requireViewer(viewer);
  return (await loaders.user.load(userId)) ?? refuse('UNAUTHENTICATED', 'This account is gone');
};
