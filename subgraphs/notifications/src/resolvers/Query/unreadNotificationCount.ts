import { requireViewer } from '#platform/identity/viewer.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const unreadNotificationCount: QueryResolvers['unreadNotificationCount'] = (_root, _args, context) =>
  context.loaders.unreadCount.load(requireViewer(context.viewer).userId);
