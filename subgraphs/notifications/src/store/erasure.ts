import { Prisma } from '#prisma/notifications/client/client.ts';
import { DELETED_NAME } from '../domain/person.ts';
import type { Database } from './database.ts';

/** What follows the actor's name in a title (domain/title.ts). */
const deed = '(assigned|commented on) ([A-Z][A-Z0-9]*-[0-9]+ )';
/** A title that begins with a name, whatever the name is: as much as a name may have. It may have such words in it itself. */
const named = `^.{1,80} ${deed}`;
const erased = `^${DELETED_NAME} ${deed}`;

/**
 * Erases what there is of a person here: what they were told, and their name in what others were told. Whoever the actor is, is
 * known by id as before. A title of another form loses all of it: better that than a name.
 */
export async function erasePerson(tx: Database, id: string): Promise<void> {
  await tx.$executeRaw`
    delete from email_delivery e using notification n where n.id = e.notification_id and n.recipient_id = ${id}::uuid`;
  await tx.notification.deleteMany({ where: { recipientId: id } });
  await tx.feed.deleteMany({ where: { recipientId: id } });
  await tx.$executeRaw`
    update notification set title = case
      when title ~ ${named} then left(regexp_replace(title, ${named}, ${`${DELETED_NAME} \\1 \\2`}), 700)
      else ${DELETED_NAME}
    end
    where actor_id = ${id}::uuid and title not in (${DELETED_NAME})`;
}

/** People who were erased, and of whom there is something all the same. */
export async function listHalfErased(db: Database, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select p.id from person p where p.email = '' and (
      exists (select from notification n where n.recipient_id = p.id)
      or exists (
        select from notification n
        where n.actor_id = p.id and n.title !~ ${erased} and n.title <> ${DELETED_NAME}
      )
    ) limit ${Prisma.raw(String(limit))}`;
  return rows.map(({ id }) => id);
}
