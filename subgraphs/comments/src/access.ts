import type { Context } from './context.ts';
import type { Comment } from './domain/comment.ts';
import { canSee, type Role } from './domain/policy.ts';
import type { Task } from './domain/task.ts';

/** What the viewer is in a workspace; null when nobody is signed in or the viewer is not a member. */
export async function viewerRole({ viewer, loaders }: Context, workspaceId: string): Promise<Role | null> {
  return viewer ? loaders.role.load({ workspaceId, userId: viewer.userId }) : null;
}

/** The task, if the viewer may see it. */
export async function visibleTask(context: Context, id: string): Promise<Task | null> {
  return visible(context, context.viewer && (await context.loaders.task.load(id)));
}

/** The comment, if the viewer may see it. */
export async function visibleComment(context: Context, id: string): Promise<Comment | null> {
  return visible(context, context.viewer && (await context.loaders.comment.load(id)));
}

async function visible<Row extends { workspaceId: string }>(context: Context, row: Row | null): Promise<Row | null> {
  return row && canSee(await viewerRole(context, row.workspaceId)) ? row : null;
}
