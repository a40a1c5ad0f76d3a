import { INVITATION } from './commands/answerInvitation.ts';
import type { Deps } from './deps.ts';
import { stateOf } from './domain/invitation.ts';
import type { LinkSubject } from './links.ts';
import { findInvitation } from './store/invitations.ts';
import { findUsers } from './store/users.ts';
import { findWorkspaces } from './store/workspaces.ts';

/** An e-mail as users writes it; notifications gives it its form. `link.path` is relative to the application. */
export type Letter = {
  to: { name: string; address: string };
  subject: string;
  lines: string[];
  link: { label: string; path: string };
};

/** What each kind of letter says now, by the kind that LetterDue names; null when it isn't wanted any more. */
export const letters: Record<string, (subject: LinkSubject, deps: Deps) => Promise<Letter | null>> = {
  INVITATION: writeInvitation,
};

async function writeInvitation({ id, issue }: LinkSubject, { prisma, links, now }: Deps): Promise<Letter | null> {
  const invitation = await findInvitation(prisma, id);
  if (!invitation?.email || invitation.issue !== issue || stateOf(invitation, now()) !== 'PENDING') return null;
  const [[workspace], [inviter]] = await Promise.all([
    findWorkspaces(prisma, [invitation.workspaceId]),
    findUsers(prisma, [invitation.inviterId]),
  ]);
  if (!workspace || workspace.archivedAt) return null;
  return {
    to: { name: '', address: invitation.email },
    subject: `You are invited to ${workspace.name}`,
    lines: [
      `${inviter?.name ?? 'Somebody'} invites you to the workspace ${workspace.name} in Taskgraph.`,
      `The link is for this address only, and holds until ${invitation.expiresAt.toISOString().slice(0, 10)}.`,
      'If you did not expect this, there is nothing that you need to do.',
    ],
    // Behind the #: what is there stays out of the logs of servers.
    link: { label: 'See the invitation', path: `invitation#${links.sign(INVITATION, invitation)}` },
  };
}
