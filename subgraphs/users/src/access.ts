import { refuse } from '#platform/errors.ts';
import { requireViewer, type Viewer } from '#platform/identity/viewer.ts';
import type { Context } from './context.ts';
import { canSee, type Role } from './domain/policy.ts';
import { isLive } from './domain/session.ts';
import type { User } from './domain/user.ts';
import type { Workspace } from './domain/workspace.ts';
import { findAccount, lockUser } from './store/accounts.ts';
import type { Database } from './store/database.ts';
import { findSession } from './store/sessions.ts';

/** Whether this is the signed-in person: only people themselves see their address and their workspaces. */
export function isSelf({ viewer }: Context, user: Pick<User, 'id'>): boolean {
  return viewer?.userId === user.id;
}

/** Somebody who has signed in; FORBIDDEN for a personal access token, which must not make more of itself. */
export function requireInteractive(viewer: Viewer | null): Viewer {
  const person = requireViewer(viewer);
  return person.scope === undefined ? person : refuse('FORBIDDEN', 'A personal access token may not do this');
}

/**
 * The viewer's account, locked until the transaction ends, if their session goes on. Gateways take the tokens of a session that has
 * ended for up to two seconds: what lasts longer than that, or can't be undone, asks here.
 * Refusals: FORBIDDEN (a personal access token), UNAUTHENTICATED with `reason`, SUSPENDED.
 */
export async function lockInteractive(tx: Database, viewer: Viewer | null, now: Date): Promise<User> {
  const { userId, sessionId } = requireInteractive(viewer);
  const user = (await lockUser(tx, userId)) ?? refuse('UNAUTHENTICATED', 'This account is gone');
  // Whoever ends sessions of others than the one that asks locks the account first: what is read here holds.
  const session = await findSession(tx, sessionId);
  if (session?.userId !== userId || !isLive(session, now)) {
    const reason = session && !session.endedAt ? 'EXPIRED' : 'REVOKED';
    return refuse('UNAUTHENTICATED', 'This session has ended: sign in again', { reason });
  }
  if (user.suspendedAt) refuse('SUSPENDED', 'This account is suspended');
  return user;
}

/** A global admin, signed in or by a token of that scope; FORBIDDEN for everybody else. */
export async function requireAdmin({ deps, viewer }: Context): Promise<Viewer> {
  const person = requireViewer(viewer);
  const account = await findAccount(deps.prisma, person.userId);
  const allowed = account?.role === 'ADMIN' && !account.suspendedAt && (!person.scope || person.scope === 'admin');
  return allowed ? person : refuse('FORBIDDEN', 'Only admins may do this');
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
