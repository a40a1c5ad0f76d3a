import { defineTopic } from '#platform/live/defineTopic.ts';
import { activitySchema, type Subject } from '../domain/activity.ts';

/** An activity that was just written; the key is its subject. Only a hint: what counts is in Postgres. */
export const activityTopic = defineTopic({ name: 'activity', payload: activitySchema });

/** The topic's key of a subject. */
export const activityKey = ({ subject, subjectId }: Subject): string => `${subject}:${subjectId}`;
