import type { Deps } from '../deps.ts';
import { erasePerson, listHalfErased } from '../store/erasure.ts';

const PAGE = 100;

/**
 * Erases again who was erased, and of whom something has come back: a notification whose name or recipient was looked up right
 * before the erasure and written right after it, or a restore of this database alone.
 */
export async function sweepErasures({ prisma, log }: Pick<Deps, 'prisma' | 'log'>): Promise<void> {
  for (let ids = await listHalfErased(prisma, PAGE); ids.length > 0; ids = await listHalfErased(prisma, PAGE)) {
    for (const id of ids) await prisma.$transaction((tx) => erasePerson(tx, id));
    log.info({ people: ids.length }, 'What had come back of erased people is erased');
  }
}
