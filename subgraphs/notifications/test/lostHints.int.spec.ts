import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { writeCursor } from '#platform/pages.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { feedCursor } from '../src/store/notifications.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
// What is committed while the subscription begins is after this, too.
const beginning = writeCursor(feedCursor.ordering, ['0']);

const listening = async ({ redis }: Fixture, { userId }: Account) => {
  const client = new Redis(redis.url);
  await waitFor(async () => Number((await client.pubsub('NUMSUB', `live:notification:${userId}`))[1]) > 0);
  client.disconnect();
};

/** What a transaction leaves whose process dies before it publishes the hint: the notification, and the key in the inbox. */
const commitAlone = ({ pool, workspaceId }: Fixture, { userId }: Account, eventId: string | null) =>
  pool.query(
    `with place as (
       insert into feed (recipient_id, last_sequence) values ($1, 1)
       on conflict (recipient_id) do update set last_sequence = feed.last_sequence + 1
       returning last_sequence
     ), handled as (
       insert into backbone.inbox (consumer, event_id) select 'notifications-on-task-assigned', $2::uuid where $2::uuid is not null
     )
     insert into notification (id, recipient_id, sequence, event_id, kind, workspace_id, title, created_at)
     select gen_random_uuid(), $1, last_sequence, coalesce($2::uuid, gen_random_uuid()), 'TASK_ASSIGNED', $3,
       'Committed', now()
     from place`,
    [userId, eventId, workspaceId],
  );

describe('an open subscription', () => {
  it('catches up on a hint that got lost, when the feed is read again', async () => {
    const notifications = await startFixture(scope, { smtp: false, rereadFeedsMs: 200 });
    const grace = notifications.account('Grace');
    const { received } = notifications.subscribe(grace, { after: beginning });
    await listening(notifications, grace);
    await commitAlone(notifications, grace, null);
    await waitFor(() => received.length === 1);
    // It goes on to be read again, and says nothing twice.
    await commitAlone(notifications, grace, null);
    await waitFor(() => received.length === 2);
    expect(received.map(({ notification }) => notification.id)).toEqual(
      (await notifications.feedOf(grace)).map(({ id }) => id),
    );
  }, 30_000);

  it('gets one event, and at once, of a consumer that was killed between its commit and the hint', async () => {
    const notifications = await startFixture(scope, { smtp: false, role: 'api' });
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    const { received } = notifications.subscribe(grace, { after: beginning });
    await listening(notifications, grace);
    // Nobody consumes yet: the event waits as one does that its consumer has not acknowledged.
    const event = await notifications.assign(ada, grace);
    await commitAlone(notifications, grace, event.id);
    await notifications.service.start('worker');
    await waitFor(() => received.length === 1);
    await notifications.publisher.again(event);
    await notifications.assign(ada, grace, { title: 'Marker' });
    await waitFor(() => received.some(({ notification }) => notification.title.includes('Marker')));
    expect(received.map(({ notification }) => notification.title)).toEqual([
      'Committed',
      'Ada assigned WEB-42 Marker to you',
    ]);
  }, 30_000);
});
