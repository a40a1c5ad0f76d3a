import { z } from 'zod';
import { NotificationRead } from '#events/notifications.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import type { Context } from '../context.ts';
import type { Notification } from '../domain/notification.ts';
import type { MarkNotificationReadInput } from '../generated/resolvers.ts';
import { findOwn, markRead } from '../store/notifications.ts';

const inputSchema = z.strictObject({ id: idSchema });

/**
 * Marks one of the viewer's notifications as read. Doing it again changes nothing and records nothing.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (also for those of others, and about a
 * workspace that the viewer is no member of any more).
 */
export async function markNotificationRead(
  { deps, viewer }: Context,
  rawInput: MarkNotificationReadInput,
): Promise<Notification> {
  const { userId } = requireViewer(viewer);
  const { id } = parseInput(inputSchema, rawInput);
  await deps.access.refresh(userId);
  const [known = refuse('NOT_FOUND', 'There is no such notification')] = await findOwn(deps.prisma, userId, [id]);
  if (known.readAt) return known;
  return deps.outbox.commit(async (tx, record) => {
    const notification = await markRead(tx, userId, id, deps.now());
    // Marked meanwhile.
    if (!notification) return (await findOwn(tx, userId, [id]))[0] ?? known;
    record(NotificationRead, {
      aggregateId: id,
      version: notification.version,
      actorId: userId,
      data: { notification: { id, recipientId: userId } },
      changes: { readAt: { from: null, to: notification.readAt } },
    });
    return notification;
  });
}
