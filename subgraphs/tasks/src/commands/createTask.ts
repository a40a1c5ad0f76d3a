import { z } from 'zod';
import { TaskCreated } from '#events/tasks.ts';
import { claimClientId } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { clientIdSchema, idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { viewerRole } from '../access.ts';
import type { Context } from '../context.ts';
import { draftTask, statusSchema, type Task, taskState, titleSchema } from '../domain/task.ts';
import type { CreateTaskInput } from '../generated/resolvers.ts';
import { findTasks, insertTask } from '../store/tasks.ts';

const inputSchema = z.strictObject({
  id: clientIdSchema.nullish(),
  projectId: idSchema,
  title: titleSchema,
  status: statusSchema.default('TODO'),
  assigneeId: idSchema.nullish(),
});

/**
 * Creates a task. A retry with the same client id, by the same person and with the same input, returns the first one.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (no such project), FORBIDDEN, ID_TAKEN, SERVICE_UNAVAILABLE.
 */
export async function createTask(context: Context, rawInput: CreateTaskInput): Promise<Task> {
  const { deps, viewer, loaders } = context;
  const { userId } = requireViewer(viewer);
  const { id: clientId, ...input } = parseInput(inputSchema, rawInput);
  const { title, status, assigneeId } = input;

  const project = (await loaders.project.load(input.projectId)) ?? refuse('NOT_FOUND', 'There is no such project');
  // Side by side, so that both roles are one query.
  const [role, assignee] = await Promise.all([
    viewerRole(context, project.workspaceId),
    assigneeId ? assigneeOf(context, project.workspaceId, assigneeId) : null,
  ]);
  const id = clientId ?? newId();
  const draft = draftTask({ id, project, title, status, creatorId: userId, role, assignee, now: deps.now() });

  return deps.outbox
    .commit(async (tx, record) => {
      const claim = clientId && { id: clientId, kind: 'task', creatorId: userId, input };
      if (claim && (await claimClientId(tx, claim)) === 'same') {
        const [first] = await findTasks(tx, [clientId]);
        return first ?? refuse('NOT_FOUND', 'There is no such task');
      }
      const task = await insertTask(tx, draft);
      const data = { task: taskState(project, task) };
      record(TaskCreated, { aggregateId: id, version: task.version, actorId: userId, data });
      return task;
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'task_pkey')) refuse('ID_TAKEN', 'This id is taken');
      throw error;
    });
}

async function assigneeOf({ loaders }: Context, workspaceId: string, id: string) {
  return { id, role: await loaders.role.load({ workspaceId, userId: id }) };
}
