import { requireViewer } from '#platform/identity/viewer.ts';
import type { Context } from './context.ts';
import { type TaskConnection, toTaskConnection } from './domain/taskConnection.ts';
import { parseTaskList, type TaskListArguments } from './domain/taskList.ts';
import type { TaskParent } from './domain/taskOrder.ts';

/** A page of the tasks of a project or a workspace, which the viewer may see. BAD_USER_INPUT for wrong arguments. */
export async function listOf(
  { viewer, deps, loaders }: Context,
  parent: TaskParent,
  parentId: string,
  args: TaskListArguments,
): Promise<TaskConnection> {
  const { userId } = requireViewer(viewer);
  const list = parseTaskList(args, { parent, parentId, userId, now: deps.now() });
  return toTaskConnection(parentId, await loaders.tasks[parent].load({ parentId, page: list }), list);
}
