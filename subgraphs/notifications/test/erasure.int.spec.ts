import { beforeAll, describe, expect, it } from '@jest/globals';
import { PersonErased, UserChanged } from '#events/users.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { PrismaClient } from '#prisma/notifications/client/client.ts';
import { sweepErasures } from '../src/jobs/sweepErasures.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let notifications: Fixture;
beforeAll(async () => {
  notifications = await startFixture(scope);
});

const erase = ({ userId }: Account, version = 5) =>
  notifications.publisher.publish(PersonErased, {
    aggregateId: userId,
    version,
    actorId: userId,
    data: { user: { id: userId } },
  });
const titlesOf = async (account: Account) => (await notifications.feedOf(account)).map(({ title }) => title);
const told = (account: Account, count: number) =>
  waitFor(async () => (await notifications.feedOf(account)).length === count);
const personOf = async ({ userId }: Account) =>
  (await notifications.pool.query('select name, email, version from person where id = $1', [userId])).rows[0];

describe('whoever is erased', () => {
  it('leaves neither a name in what others were told, nor what they were told themselves', async () => {
    // A name that has in it what follows a name.
    const ada = notifications.account('Zed assigned XX-1 Zed');
    const grace = notifications.account('Grace');
    await notifications.assign(ada, grace, { title: 'Zap the header' });
    await notifications.comment(ada, grace, null);
    await notifications.assign(grace, ada);
    await Promise.all([told(grace, 2), told(ada, 1)]);
    expect((await titlesOf(grace)).join()).toContain('Zed');
    await waitFor(async () => (await personOf(ada)) !== undefined);

    const consumer = 'notifications-on-user-registered';
    const lettered = { subject: ada.userId, type: 'users.user.changed.v1', data: { name: 'Zed' } };
    const unread = { subject: 'users.user', sequence: 1, text: `{"id":"${ada.userId}","name":"Zed"` };
    for (const event of [lettered, unread, { subject: newId(), type: 'users.user.changed.v1' }])
      await notifications.pool.query(
        `insert into backbone.dead_letter values ($1, $2, $3, 'because', 5, now(), now())`,
        [consumer, newId(), event],
      );
    await notifications.pool.query(`insert into backbone.failure (consumer, event_id, reason) values ($1, $2, 'Zed')`, [
      consumer,
      newId(),
    ]);

    await erase(ada);
    await waitFor(async () => (await personOf(ada)).email === '' && (await titlesOf(ada)).length === 0);
    expect((await titlesOf(grace)).sort()).toEqual([
      'Deleted user assigned WEB-42 Zap the header to you',
      'Deleted user commented on WEB-42 Fix the header',
    ]);
    for (const table of ['notification', 'person', 'backbone.dead_letter', 'backbone.failure'])
      expect(await notifications.count(`${table} t where t::text like '%Zed%'`)).toBe(0);
    expect(await notifications.count('backbone.dead_letter')).toBe(1);
    expect(await notifications.count('feed where recipient_id = $1', ada.userId)).toBe(0);

    // What comes late, and tells of what was before.
    const { userId: id } = ada;
    const data = { user: { id, name: 'Zed', email: 'zed@example.com', avatarUrl: null } };
    const late = await notifications.publisher.publish(UserChanged, {
      ...{ aggregateId: id, version: 4, actorId: id, data },
    });
    await waitFor(() => notifications.count('backbone.inbox where event_id = $1', late.id));
    expect(await personOf(ada)).toEqual({ name: 'Deleted user', email: '', version: 5 });
    await notifications.assign(ada, grace);
    await told(grace, 3);
    expect((await titlesOf(grace)).at(-1)).toBe('Deleted user assigned WEB-42 Fix the header to you');
  });

  it('is erased again where something was written right after', async () => {
    const [ada, grace] = [notifications.account('Zora'), notifications.account('Grace')];
    await notifications.assign(ada, grace);
    await told(grace, 1);
    await erase(ada);
    await waitFor(async () => (await titlesOf(grace))[0] === 'Deleted user assigned WEB-42 Fix the header to you');
    await notifications.pool.query(
      `update notification set title = 'Zora assigned WEB-42 Fix the header to you' where actor_id = $1`,
      [ada.userId],
    );
    await notifications.pool.query(
      `insert into notification (id, recipient_id, sequence, event_id, kind, workspace_id, title, created_at)
       values ($1, $2, 1, $1, 'TASK_ASSIGNED', $1, 'Grace assigned WEB-1 It to you', now())`,
      [newId(), ada.userId],
    );
    const prisma = new PrismaClient({ adapter: prismaAdapter(notifications.pool) });
    scope.defer('prisma', () => prisma.$disconnect());
    await sweepErasures({ prisma, log: createLogger({ service: 'test', level: 'silent' }) });
    expect(await titlesOf(grace)).toEqual(['Deleted user assigned WEB-42 Fix the header to you']);
    expect(await titlesOf(ada)).toEqual([]);
  });
});
