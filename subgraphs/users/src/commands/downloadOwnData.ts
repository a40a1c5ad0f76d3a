import { lockInteractive, requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { isLive } from '../domain/session.ts';
import { readOwnData } from '../store/ownData.ts';
import { findSession } from '../store/sessions.ts';
import { refuseLink } from './accountLinks.ts';

/** The purpose of the tokens of downloads. */
const DOWNLOAD = 'download';
/** How long a link to a download holds, in milliseconds: it stands in a browser's history. */
const HOLDS_MS = 5 * 60_000;

/**
 * A path under which a browser finds the viewer's own data, as long as the session lasts and for five minutes at most: whoever
 * follows a link sends no access token along. Refusals: FORBIDDEN, UNAUTHENTICATED (the session has ended).
 */
export async function createDownloadLink({ deps, viewer }: Context): Promise<{ path: string; expiresAt: Date }> {
  const { sessionId } = requireInteractive(viewer);
  await deps.prisma.$transaction((tx) => lockInteractive(tx, viewer, deps.now()));
  const seconds = Math.floor((deps.now().getTime() + HOLDS_MS) / 1000);
  const token = deps.links.sign(DOWNLOAD, { id: sessionId, issue: seconds });
  return { path: `/auth/download?token=${token}`, expiresAt: new Date(seconds * 1000) };
}

/**
 * All that there is of a person (docs/personal-data.md has the shape), by such a link.
 * Refusals: LINK_INVALID, SERVICE_UNAVAILABLE.
 */
export async function downloadOwnData(deps: Deps, token: string) {
  const now = deps.now();
  const subject = deps.links.read(DOWNLOAD, token);
  if (!subject || subject.issue * 1000 <= now.getTime()) return refuseLink();
  const session = await findSession(deps.prisma, subject.id);
  if (!session || !isLive(session, now)) return refuseLink();
  const own = (await readOwnData(deps.prisma, session.userId)) ?? refuseLink();
  const workspaceIds = own.memberships.map(({ workspaceId }) => workspaceId);
  return {
    format: 'taskgraph-personal-data',
    version: 1,
    createdAt: now,
    ...own,
    ...(await deps.writings.read(session.userId, workspaceIds)),
  };
}
