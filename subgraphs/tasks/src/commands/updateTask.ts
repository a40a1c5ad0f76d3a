import { z } from 'zod';
import { TaskUpdated } from '#events/tasks.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { isArchived, roleOf, viewerRole, visibleTask } from '../access.ts';
import type { Context } from '../context.ts';
import { type EditDecision, editTask, requireSound } from '../domain/editTask.ts';
import {
  describedState,
  descriptionSchema,
  estimateSchema,
  prioritySchema,
  statusSchema,
  titleSchema,
} from '../domain/task.ts';
import { taskDateSchema } from '../domain/taskDate.ts';
import { requireMayWrite } from '../domain/workspace.ts';
import type { UpdateTaskInput } from '../generated/resolvers.ts';
import { changesSince, lockTask, saveTask } from '../store/tasks.ts';

const inputSchema = z.strictObject({
  id: idSchema,
  version: z.int(),
  title: titleSchema.optional(),
  description: descriptionSchema.optional(),
  status: statusSchema.optional(),
  priority: prioritySchema.optional(),
  assigneeId: idSchema.nullable().optional(),
  start: taskDateSchema.nullable().optional(),
  due: taskDateSchema.nullable().optional(),
  estimate: estimateSchema.nullable().optional(),
});

/**
 * Changes a task: merges with what others changed since the version that the client saw, or answers with the conflict
 * (domain/editTask.ts has the rules). Nothing is written for a conflict, nor for an edit that changes nothing.
 * Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED, SERVICE_UNAVAILABLE.
 */
export async function updateTask(context: Context, rawInput: UpdateTaskInput): Promise<EditDecision> {
  const { deps, viewer, loaders } = context;
  const { userId } = requireViewer(viewer);
  const { id, version: seen, ...edit } = parseInput(inputSchema, rawInput);

  const visible = (await visibleTask(context, id)) ?? notFound();
  const { workspaceId } = visible;
  const { assigneeId } = edit;
  const [role, archived, assigneeRole] = await Promise.all([
    viewerRole(context, workspaceId),
    isArchived(context, workspaceId),
    assigneeId ? roleOf(context, { workspaceId, userId: assigneeId }) : null,
  ]);
  requireMayWrite(role, archived, 'Guests may not change tasks');
  const project = (await loaders.project.load(visible.projectId)) ?? notFound();

  const decision = await deps.outbox.commit(async (tx, record) => {
    const current = (await lockTask(tx, id)) ?? notFound();
    const since = seen < current.version ? await changesSince(tx, id, seen) : [];
    const decided = editTask(current, seen, edit, since, deps.now());
    if (decided.outcome === 'changed') {
      requireSound(decided, assigneeRole);
      const { task, changes } = decided;
      await saveTask(tx, task);
      const data = { task: describedState(project, task), changed: Object.keys(changes) };
      record(TaskUpdated, { aggregateId: id, version: task.version, actorId: userId, data, changes });
    }
    return decided;
  });
  loaders.task.clear(id).prime(id, decision.task);
  return decision;
}

function notFound(): never {
  return refuse('NOT_FOUND', 'There is no such task');
}
