import { refuse } from '#platform/errors.ts';
import { type EndedMembership, endMembership, type Membership } from './membership.ts';
import { isLive, type Session } from './session.ts';
import { archived, type Workspace } from './workspace.ts';

/** A workspace of somebody who deletes their account, and how many members and owners it has, they included. */
export type Place = { workspace: Workspace; membership: Membership; members: number; owners: number };

/** What becomes of the workspaces: memberships that end where others stay, and workspaces that nobody is left in. */
export type Departure = { left: EndedMembership[]; closed: { membership: EndedMembership; workspace: Workspace }[] };

/** What a workspace is called that nobody is left in. */
export const CLOSED_NAME = 'Deleted workspace';

/**
 * Somebody leaves all their workspaces for good. Where they are alone nobody can ever look in again: such a workspace is
 * archived, and its name goes. LAST_OWNER, with the workspaces, while others would be left without an owner.
 */
export function depart(places: readonly Place[], now: Date): Departure {
  const orphaned = places.filter(
    ({ membership, members, owners }) => membership.role === 'OWNER' && owners === 1 && members > 1,
  );
  if (orphaned.length > 0) {
    refuse('LAST_OWNER', 'Make somebody else an owner of these workspaces first, or remove their members', {
      workspaces: orphaned.map(({ workspace: { id, name } }) => ({ id, name })),
    });
  }
  const alone = places.filter(({ members }) => members === 1);
  // Nobody is left who would need an owner.
  const end = (membership: Membership) => endMembership(membership, { owners: 0 });
  return {
    left: places.filter(({ members }) => members > 1).map(({ membership }) => end(membership)),
    closed: alone.map(({ membership, workspace }) => ({
      membership: end(membership),
      workspace: {
        ...archived(workspace, workspace.archivedAt ?? now),
        name: CLOSED_NAME,
        version: workspace.version + 1,
      },
    })),
  };
}

/** How long after a login somebody without a password may delete their account with nothing but that, in milliseconds. */
const RECENT_MS = 10 * 60_000;

/** LOGIN_TOO_OLD unless the session began a short while ago and goes on. */
export function requireRecentLogin(
  session: Pick<Session, 'createdAt' | 'expiresAt' | 'endedAt'> | null,
  now: Date,
): void {
  if (!session || !isLive(session, now) || now.getTime() - session.createdAt.getTime() > RECENT_MS)
    refuse('LOGIN_TOO_OLD', 'Sign in again, then do this within ten minutes');
}
