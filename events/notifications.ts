import { z } from 'zod';
import { defineEvent } from './defineEvent.ts';

/** The recipient has read a notification. The aggregate is the notification. */
export const NotificationRead = defineEvent({
  publisher: 'notifications',
  aggregate: 'notification',
  name: 'read',
  version: 1,
  data: z.object({ notification: z.object({ id: z.uuid(), recipientId: z.uuid() }) }),
});
