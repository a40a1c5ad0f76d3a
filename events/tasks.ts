import { z } from 'zod';
import { defineEvent } from './defineEvent.ts';

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
});

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
  data: z.object({ task: TaskState }),
});

/** A task was changed: its state after the change, and the names of the fields that changed. The aggregate is the task. */
export const TaskUpdated = defineEvent({
  publisher: 'tasks',
  aggregate: 'task',
  name: 'updated',
  version: 1,
  data: z.object({ task: TaskState, changed: z.array(z.string()) }),
});
