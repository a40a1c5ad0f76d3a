import { z } from 'zod';

/** What a notification is about. */
export type NotificationKind = 'TASK_ASSIGNED' | 'COMMENT_ADDED';

/** Something that happened which concerns its recipient. */
export type Notification = z.infer<typeof notificationSchema>;

/** A notification as it travels between the processes of this subgraph; instants may be texts. */
export const notificationSchema = z.object({
  id: z.uuid(),
  recipientId: z.uuid(),
  /** Gapless per recipient, from 1. */
  sequence: z.int().positive(),
  /** The event that it came from. */
  eventId: z.uuid(),
  kind: z.enum(['TASK_ASSIGNED', 'COMMENT_ADDED']),
  workspaceId: z.uuid(),
  taskId: z.uuid().nullable(),
  actorId: z.uuid().nullable(),
  title: z.string(),
  createdAt: z.coerce.date(),
  readAt: z.coerce.date().nullable(),
  version: z.int().positive(),
});
