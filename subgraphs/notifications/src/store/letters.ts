import type { Database } from './database.ts';
import { defineDeliveries } from './deliveries.ts';

/** A letter as it was announced. */
export type AnnouncedLetter = { id: string; kind: string; subjectId: string; issue: number };

/** The e-mails that users writes. */
export const letterDeliveries = defineDeliveries({ table: 'letter', key: 'id' });

/** Writes that a letter is due. */
export async function insertLetter(tx: Database, letter: AnnouncedLetter, dueAt: Date): Promise<void> {
  await tx.letter.create({ data: { ...letter, dueAt }, select: { id: true } });
}

/** What was announced of a letter. */
export async function findLetter(db: Database, id: string): Promise<AnnouncedLetter> {
  const select = { id: true, kind: true, subjectId: true, issue: true };
  return db.letter.findUniqueOrThrow({ where: { id }, select });
}
