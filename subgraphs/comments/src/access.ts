import type { Context } from './context.ts';
import type { Comment } from './domain/comment.ts';
import { canSee, type Role } from './domain/policy.ts';
import type { Task } from './domain/task.ts';

/**
 * The task, if the viewer may see it. If the projection doesn't have it, or it isn't the viewer's, tasks is asked for it either
 * way: whether it has not arrived yet, belongs to others or isn't there, neither the answer nor the time tells.
 */
export async function visibleTask(context: Context, id: string): Promise<Task | null> {
  const { deps, viewer, loaders } = context;
  if (!viewer) return null;
  const { userId } = viewer;
  const kept = await loaders.task.load(id);
  if (await visible(context, id, kept)) return kept;

  const miss = `${userId} ${id}`;
  if (deps.tasks.misses.has(miss)) return null;
  const told = await loaders.toldTask.load(id);
  const membership = await loaders.membership.confirm({ workspaceId: told?.workspaceId ?? id, userId });
  // On one that is here it was decided above.
  if (kept || !told || !canSee(membership?.role ?? null)) {
    deps.tasks.misses.add(miss);
    return null;
  }
  await deps.tasks.keep(deps.prisma, told);
  loaders.task.clear(id).prime(id, told);
  return told;
}

/** What the viewer is in a workspace; null when nobody is signed in or the viewer is not a member. */
export async function viewerRole({ viewer, loaders }: Context, workspaceId: string): Promise<Role | null> {
  return viewer && ((await loaders.membership.load({ workspaceId, userId: viewer.userId }))?.role ?? null);
}

/** Whether a workspace is archived. One that users doesn't know is as good as that: nothing is to be written for it. */
export async function isArchived({ loaders }: Context, workspaceId: string): Promise<boolean> {
  return (await loaders.workspace.load(workspaceId))?.archived ?? true;
}

/** The comment, if the viewer may see it. */
export async function visibleComment(context: Context, id: string): Promise<Comment | null> {
  return visible(context, id, context.viewer && (await context.loaders.comment.load(id)));
}

/**
 * The row, if the viewer may see it. For a row that isn't there the same is done as for one that isn't the viewer's, with its
 * own id in the place of a workspace's.
 */
async function visible<Row extends { workspaceId: string }>(
  { viewer, loaders }: Context,
  id: string,
  row: Row | null,
): Promise<Row | null> {
  if (!viewer) return null;
  const key = { workspaceId: row?.workspaceId ?? id, userId: viewer.userId };
  const membership = await loaders.membership.load(key, id);
  return canSee(membership?.role ?? null) ? row : null;
}
