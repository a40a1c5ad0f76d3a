import { z } from 'zod';
import { defineEvent } from './defineEvent.ts';

/** When work begins or is due: a whole day, or an instant with the day that it is in its time zone. */
const TaskDateState = z.object({
  date: z.iso.date(),
  at: z.iso.datetime().nullable(),
  timeZone: z.string().nullable(),
});

/** What other subgraphs may know of a task: enough to keep a projection, so that they never call back. */
export const TaskState = z.object({
  id: z.uuid(),
  workspaceId: z.uuid(),
  projectId: z.uuid(),
  key: z.string(),
  title: z.string(),
  status: z.enum(['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE', 'CANCELED']),
  creatorId: z.uuid(),
  assigneeId: z.uuid().nullable(),
  // Later than the first events, which lack them.
  priority: z.enum(['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT']).default('NONE'),
  start: TaskDateState.nullable().default(null),
  due: TaskDateState.nullable().default(null),
  estimate: z.int().nullable().default(null),
});

/** A task in an event: with its description (Markdown, up to 50,000 characters), which the routes leave out. */
const DescribedTask = TaskState.extend({ description: z.string().default('') });

/** What other subgraphs may know of a project. */
export const ProjectState = z.object({ id: z.uuid(), workspaceId: z.uuid(), key: z.string(), name: z.string() });

/** A project was created. The aggregate is the project. */
export const ProjectCreated = defineEvent({
  publisher: 'tasks',
  aggregate: 'project',
  name: 'created',
  version: 1,
  data: z.object({ project: ProjectState }),
});

/** A task was created. The aggregate is the task. */
export const TaskCreated = defineEvent({
  publisher: 'tasks',
  aggregate: 'task',
  name: 'created',
  version: 1,
  data: z.object({ task: DescribedTask }),
});

/** A task was changed: its state after the change, and the names of the fields that changed. The aggregate is the task. */
export const TaskUpdated = defineEvent({
  publisher: 'tasks',
  aggregate: 'task',
  name: 'updated',
  version: 1,
  data: z.object({ task: DescribedTask, changed: z.array(z.string()) }),
});
