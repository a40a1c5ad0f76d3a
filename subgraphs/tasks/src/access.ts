import type { Context } from './context.ts';
import type { MembershipKey } from './domain/membership.ts';
import { canSee, canWrite, type Role } from './domain/policy.ts';
import type { Project } from './domain/project.ts';
import type { Task } from './domain/task.ts';

/** What somebody is in a workspace; null when not a member. `about` is the id that the viewer named, if it is not the workspace's. */
export async function roleOf({ loaders }: Context, key: MembershipKey, about?: string): Promise<Role | null> {
  return (await loaders.membership.load(key, about))?.role ?? null;
}

/** What the viewer is in a workspace; null when nobody is signed in or the viewer is not a member. */
export async function viewerRole(context: Context, workspaceId: string): Promise<Role | null> {
  return context.viewer ? roleOf(context, { workspaceId, userId: context.viewer.userId }) : null;
}

/** Whether a workspace is archived. One that users doesn't know is as good as that: nothing is to be written for it. */
export async function isArchived({ loaders }: Context, workspaceId: string): Promise<boolean> {
  return (await loaders.workspace.load(workspaceId))?.archived ?? true;
}

/** Whether the viewer may create and change what is in a workspace. */
export async function viewerCanWrite(context: Context, workspaceId: string): Promise<boolean> {
  const [role, archived] = await Promise.all([viewerRole(context, workspaceId), isArchived(context, workspaceId)]);
  return canWrite(role, archived);
}

/** The project, if the viewer may see it. */
export async function visibleProject(context: Context, id: string): Promise<Project | null> {
  return visible(context, id, context.viewer && (await context.loaders.project.load(id)));
}

/** The task, if the viewer may see it. */
export async function visibleTask(context: Context, id: string): Promise<Task | null> {
  return visible(context, id, context.viewer && (await context.loaders.task.load(id)));
}

/**
 * The row, if the viewer may see it. For a row that isn't there the same is done as for one that isn't the viewer's, with its
 * own id in the place of a workspace's: neither the answer nor the time tells which it was.
 */
export async function visible<Row extends { workspaceId: string }>(
  context: Context,
  id: string,
  row: Row | null,
): Promise<Row | null> {
  if (!context.viewer) return null;
  const key = { workspaceId: row?.workspaceId ?? id, userId: context.viewer.userId };
  return canSee(await roleOf(context, key, id)) ? row : null;
}
