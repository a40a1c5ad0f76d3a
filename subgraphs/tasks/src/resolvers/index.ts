import type { Resolvers } from '../generated/resolvers.ts';
import { calendarDate } from './Date.ts';
import { createProject } from './Mutation/createProject.ts';
import { createTask } from './Mutation/createTask.ts';
import { updateTask } from './Mutation/updateTask.ts';
import { Project } from './Project.ts';
import { project } from './Query/project.ts';
import { task } from './Query/task.ts';
import { tasks } from './Query/tasks.ts';
import { Task } from './Task.ts';
import { TaskConnection } from './TaskConnection.ts';
import { TaskDate } from './TaskDate.ts';
import { Workspace } from './Workspace.ts';

/** The resolvers of this subgraph; a file's path is its schema coordinate. */
export const resolvers: Partial<Resolvers> = {
  Query: { task, tasks, project },
  Mutation: { createProject, createTask, updateTask },
  Date: calendarDate,
  Task,
  TaskConnection,
  TaskDate,
  Project,
  Workspace,
};
