import type { AccountLink } from '../domain/accountLink.ts';
import type { Database } from './database.ts';

/** Writes a link. */
export async function insertAccountLink(tx: Database, link: AccountLink): Promise<void> {
  await tx.accountLink.create({ data: link, select: { id: true } });
}

/** A link by its id. */
export function findAccountLink(db: Database, id: string): Promise<AccountLink | null> {
  return db.accountLink.findUnique({ where: { id } });
}

/**
 * Uses up an open link, and all of its kind that were sent to the same address. False when it was used meanwhile: of two at
 * once, one has it.
 */
export async function spendAccountLink(tx: Database, { id, kind, email }: AccountLink, now: Date): Promise<boolean> {
  const { count } = await tx.accountLink.updateMany({ where: { id, usedAt: null }, data: { usedAt: now } });
  if (count === 0) return false;
  await tx.accountLink.updateMany({ where: { email, kind, usedAt: null }, data: { usedAt: now } });
  return true;
}

/** Deletes links that expired before this time. */
export async function pruneAccountLinks(db: Database, before: Date): Promise<void> {
  await db.accountLink.deleteMany({ where: { expiresAt: { lt: before } } });
}
