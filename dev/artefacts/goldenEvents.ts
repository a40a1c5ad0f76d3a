import { z } from 'zod';
import * as comments from '#events/comments.ts';
import type { EventContract } from '#events/defineEvent.ts';
import * as notifications from '#events/notifications.ts';
import * as tasks from '#events/tasks.ts';
import * as users from '#events/users.ts';

/** Every event of the system, in the order of their types. */
export const events: EventContract[] = [users, tasks, comments, notifications]
  .flatMap((module) => Object.values(module as Record<string, unknown>))
  .filter((value): value is EventContract => typeof value === 'object' && value !== null && 'publisher' in value)
  .sort((a, b) => (a.type < b.type ? -1 : 1));

/** The JSON Schema of each event's data: a change of a published event is seen in review. */
export function renderGoldenEvents(): Map<string, string> {
  return new Map(
    events.map((event) => [
      `events/golden/${event.type}.json`,
      `${JSON.stringify({ title: event.type, ...z.toJSONSchema(event.data) }, null, 2)}\n`,
    ]),
  );
}
