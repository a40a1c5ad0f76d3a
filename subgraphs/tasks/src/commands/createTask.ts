import { z } from 'zod';
import { TaskCreated } from '#events/tasks.ts';
import { claimClientId, isRepeat } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { clientIdSchema, idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { isArchived, roleOf, viewerRole, visible, visibleTask } from '../access.ts';
import type { Context } from '../context.ts';
import {
  describedState,
  descriptionSchema,
  draftTask,
  estimateSchema,
  prioritySchema,
  statusSchema,
  type Task,
  titleSchema,
} from '../domain/task.ts';
import { taskDateSchema } from '../domain/taskDate.ts';
import type { CreateTaskInput } from '../generated/resolvers.ts';
import { insertTask } from '../store/tasks.ts';

const inputSchema = z.strictObject({
  id: clientIdSchema.nullish(),
  projectId: idSchema,
  title: titleSchema,
  status: statusSchema.default('TODO'),
  assigneeId: idSchema.nullish(),
  // Left out unless given: a retry of what was created before they were there hashes to the same.
  description: descriptionSchema.nullish(),
  priority: prioritySchema.nullish(),
  start: taskDateSchema.nullish(),
  due: taskDateSchema.nullish(),
  estimate: estimateSchema.nullish(),
});

/**
 * Creates a task. A retry with the same client id, by the same person and with the same input, returns the first one.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (no such project), FORBIDDEN, WORKSPACE_ARCHIVED, ID_TAKEN, SERVICE_UNAVAILABLE.
 */
export async function createTask(context: Context, rawInput: CreateTaskInput): Promise<Task> {
  const { deps, viewer, loaders } = context;
  const { userId } = requireViewer(viewer);
  const { id: clientId, ...input } = parseInput(inputSchema, rawInput);
  const { projectId, assigneeId, title, status } = input;
  const { description, priority, start = null, due = null, estimate = null } = input;
  const details = { title, description: description ?? '', status, priority: priority ?? 'NONE', start, due, estimate };
  const claim = clientId && { id: clientId, kind: 'task', creatorId: userId, input };
  const id = clientId ?? newId();
  const first = async () => (await visibleTask(context, id)) ?? refuse('NOT_FOUND', 'There is no such task');

  const [repeat, found] = await Promise.all([claim && isRepeat(deps.prisma, claim), loaders.project.load(projectId)]);
  if (repeat) return first();
  // Shares a query with the viewer's own; so it does when there is no such project, or the time would tell.
  if (assigneeId) loaders.membership.expect({ workspaceId: found?.workspaceId ?? projectId, userId: assigneeId });
  const project = (await visible(context, projectId, found)) ?? refuse('NOT_FOUND', 'There is no such project');
  const { workspaceId } = project;
  const [role, archived] = await Promise.all([viewerRole(context, workspaceId), isArchived(context, workspaceId)]);
  const assignee = assigneeId
    ? { id: assigneeId, role: await roleOf(context, { workspaceId, userId: assigneeId }) }
    : null;
  const draft = draftTask({ id, project, details, creatorId: userId, role, archived, assignee, now: deps.now() });

  const created = await deps.outbox
    .commit(async (tx, record) => {
      if (claim && (await claimClientId(tx, claim)) === 'same') return null;
      const task = await insertTask(tx, draft);
      const data = { task: describedState(project, task) };
      record(TaskCreated, { aggregateId: id, version: task.version, actorId: userId, data });
      return task;
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'task_pkey')) refuse('ID_TAKEN', 'This id is taken');
      throw error;
    });
  loaders.task.clear(id);
  if (created) loaders.task.prime(id, created);
  return created ?? first();
}
