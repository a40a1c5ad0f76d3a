import { requireViewer } from '#platform/identity/viewer.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { identityCursor, listIdentities } from '../../store/identities.ts';

export const identities: QueryResolvers['identities'] = async (_root, args, { deps, viewer }) => {
  const { userId } = requireViewer(viewer);
  const page = parsePage(args, identityCursor.ordering, identityCursor.schema);
  return toConnection(await listIdentities(deps.prisma, userId, page), page, identityCursor.keys);
};
