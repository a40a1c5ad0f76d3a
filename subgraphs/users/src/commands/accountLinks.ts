import { LetterDue } from '#events/users.ts';
import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { RecordEvent } from '#platform/outbox/createOutbox.ts';
import type { Deps } from '../deps.ts';
import { type AccountLink, type AccountLinkKind, isOpen, newAccountLink } from '../domain/accountLink.ts';
import { findAccountLink, insertAccountLink } from '../store/accountLinks.ts';
import type { Database } from '../store/database.ts';

/**
 * Has a link sent to an address, whether anybody has it or not: what it opens, and for whom, is looked up when the e-mail is
 * about to leave (letters.ts).
 */
export async function sendAccountLink(
  tx: Database,
  record: RecordEvent,
  { kind, email, actorId, now }: { kind: AccountLinkKind; email: string; actorId: string | null; now: Date },
): Promise<void> {
  const link = newAccountLink({ id: newId(), kind, email, now });
  await insertAccountLink(tx, link);
  sendLetter(record, { kind, subjectId: link.id, actorId });
}

/** Has a letter sent that is the only one about its subject. */
export function sendLetter(
  record: RecordEvent,
  { kind, subjectId, actorId }: { kind: string; subjectId: string; actorId: string | null },
): void {
  const data = { letter: { kind, subjectId, issue: 1 } };
  record(LetterDue, { aggregateId: newId(), version: 1, actorId, data });
}

/** The open link that a token stands for; LINK_INVALID for everything else. */
export async function openAccountLink(deps: Deps, kind: AccountLinkKind, token: string): Promise<AccountLink> {
  const subject = deps.links.read(kind, token);
  const link = subject && (await findAccountLink(deps.prisma, subject.id));
  if (!link || link.kind !== kind || !isOpen(link, deps.now())) return refuseLink();
  return link;
}

/** Throws LINK_INVALID. */
export function refuseLink(): never {
  return refuse('LINK_INVALID', 'This link was used before, has expired, or is wrong');
}
