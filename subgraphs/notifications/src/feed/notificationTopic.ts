import { defineTopic } from '#platform/live/defineTopic.ts';
import { notificationSchema } from '../domain/notification.ts';

/** A notification that was just written; the key is its recipient. Only a hint: what counts is in Postgres. */
export const notificationTopic = defineTopic({ name: 'notification', payload: notificationSchema });
