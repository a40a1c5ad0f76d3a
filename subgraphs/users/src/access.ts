import type { Context } from './context.ts';
import { canSee, type Role } from './domain/policy.ts';
import type { User } from './domain/user.ts';
import type { Workspace } from './domain/workspace.ts';

/** Whether this is the signed-in person: only people themselves see their address and their workspaces. */
export function isSelf({ viewer }: Context, user: Pick<User, 'id'>): boolean {
  return viewer?.userId === user.id;
}

/** What the viewer is in a workspace; null when nobody is signed in or the viewer is not a member. */
export async function viewerRole({ viewer, loaders }: Context, workspaceId: string): Promise<Role | null> {
  if (!viewer) return null;
  return (await loaders.membership.load({ workspaceId, userId: viewer.userId }))?.role ?? null;
}

/** The workspace, if the viewer is a member. */
export async function visibleWorkspace(context: Context, id: string): Promise<Workspace | null> {
  return canSee(await viewerRole(context, id)) ? context.loaders.workspace.load(id) : null;
}
