import { referenceId } from '#platform/graphql/referenceId.ts';
import { viewerCanWrite, visibleTask } from '../access.ts';
import type { Context } from '../context.ts';
import type { Project } from '../domain/project.ts';
import { type Task as TaskModel, taskKey } from '../domain/task.ts';
import type { TaskResolvers } from '../generated/resolvers.ts';

export const Task: TaskResolvers = {
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleTask(context, id) : null;
  },
  key: async (task, _args, context) => taskKey(await projectOf(task, context), task),
  project: (task, _args, context) => projectOf(task, context),
  creator: (task) => ({ id: task.creatorId }),
  assignee: (task) => (task.assigneeId ? { id: task.assigneeId } : null),
  viewerCanUpdate: (task, _args, context) => viewerCanWrite(context, task.workspaceId),
};

async function projectOf(task: TaskModel, { loaders }: Context): Promise<Project> {
  const project = await loaders.project.load(task.projectId);
  if (!project) throw new Error(`Task ${task.id} has no project`);
  return project;
}
