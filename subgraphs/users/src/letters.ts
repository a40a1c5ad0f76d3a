import { INVITATION } from './commands/answerInvitation.ts';
import type { Deps } from './deps.ts';
import { type AccountLinkKind, isOpen } from './domain/accountLink.ts';
import { stateOf } from './domain/invitation.ts';
import type { User } from './domain/user.ts';
import type { LinkSubject } from './links.ts';
import { findAccountLink } from './store/accountLinks.ts';
import { findIdentity } from './store/identities.ts';
import { findInvitation } from './store/invitations.ts';
import { findSession } from './store/sessions.ts';
import { findUserByEmail, findUsers } from './store/users.ts';
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
  PASSWORD_RESET: writePasswordReset,
  EMAIL_VERIFICATION: writeEmailVerification,
  SESSION_REUSED: writeSessionReused,
  IDENTITY_LINKED: writeIdentityLinked,
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

async function writePasswordReset(subject: LinkSubject, deps: Deps): Promise<Letter | null> {
  const person = await openLinkOf('PASSWORD_RESET', subject, deps);
  return (
    person && {
      to: { name: person.name, address: person.email },
      subject: 'Set another password',
      lines: [
        'Somebody has asked for a link that sets another password for your account in Taskgraph. It is good once, and for an hour.',
        'If that was not you, there is nothing that you need to do.',
      ],
      link: { label: 'Set another password', path: `reset-password#${deps.links.sign('PASSWORD_RESET', subject)}` },
    }
  );
}

async function writeEmailVerification(subject: LinkSubject, deps: Deps): Promise<Letter | null> {
  const person = await openLinkOf('EMAIL_VERIFICATION', subject, deps);
  if (!person || person.emailVerifiedAt) return null;
  return {
    to: { name: person.name, address: person.email },
    subject: 'Verify your e-mail address',
    lines: [
      'This address was given for an account in Taskgraph. The link shows that it is yours; it is good once, and for two days.',
      'If that was not you, there is nothing that you need to do.',
    ],
    link: { label: 'Verify the address', path: `verify-email#${deps.links.sign('EMAIL_VERIFICATION', subject)}` },
  };
}

/** Whom a link is for that is still open: nobody, for an address that nobody has. */
async function openLinkOf(kind: AccountLinkKind, { id }: LinkSubject, { prisma, now }: Deps): Promise<User | null> {
  const link = await findAccountLink(prisma, id);
  return link?.kind === kind && isOpen(link, now()) ? findUserByEmail(prisma, link.email) : null;
}

async function writeSessionReused({ id }: LinkSubject, { prisma }: Deps): Promise<Letter | null> {
  const session = await findSession(prisma, id);
  const [person] = session ? await findUsers(prisma, [session.userId]) : [];
  if (!session || !person) return null;
  return {
    to: { name: person.name, address: person.email },
    subject: 'One of your sessions was ended',
    lines: [
      `Your session with ${session.device}, begun on ${session.createdAt.toISOString().slice(0, 10)}, was ended: something that only one program may have was used twice.`,
      'That can be a fault of the program, or somebody who has stolen it. Sign in again, and look at where you are signed in.',
      'If you see what you do not know there, end all sessions and choose another password.',
    ],
    link: { label: 'Where you are signed in', path: 'sessions' },
  };
}

async function writeIdentityLinked({ id }: LinkSubject, { prisma, providers }: Deps): Promise<Letter | null> {
  const identity = await findIdentity(prisma, id);
  const [person] = identity ? await findUsers(prisma, [identity.userId]) : [];
  if (!identity || !person) return null;
  const label = providers.find(identity.provider)?.label ?? identity.provider;
  return {
    to: { name: person.name, address: person.email },
    subject: `You can sign in with ${label}`,
    lines: [
      `Since ${identity.createdAt.toISOString().slice(0, 10)}, an account at ${label}${identity.email ? ` (${identity.email})` : ''} opens your account in Taskgraph.`,
      'If that was not you, unlink it, end all sessions and choose another password.',
    ],
    link: { label: 'What you sign in with', path: 'identities' },
  };
}
