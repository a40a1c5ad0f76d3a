import type { Database } from './database.ts';

/** All that somebody was told, also in workspaces that they have left: a page after a sequence, in the order of the feed. */
export function listNotificationsOf(
  db: Database,
  recipientId: string,
  { after, limit }: { after: number; limit: number },
) {
  return db.notification.findMany({
    where: { recipientId, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take: limit,
    select: {
      ...{ id: true, sequence: true, kind: true, title: true, workspaceId: true, taskId: true, actorId: true },
      ...{ createdAt: true, readAt: true },
    },
  });
}
