import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';
import type { Received } from './subscribe.ts';

jest.setTimeout(20_000);

const scope = testScope();
let notifications: Fixture;
let ada: Account;

beforeAll(async () => {
  notifications = await startFixture(scope, { smtp: false });
  ada = notifications.account('Ada');
}, 30_000);

const assign = async (recipient: Account, times: number) => {
  const numbers = Array.from({ length: times }, (_, number) => number);
  for (const number of numbers) await notifications.assign(ada, recipient, { title: `Task ${number}` });
};
const fed = (recipient: Account, expected: number) =>
  waitFor(async () => (await notifications.feedOf(recipient)).length === expected);
const idsOf = (received: Received[]) => received.map(({ notification }) => notification.id);
const feedIds = async (recipient: Account) => (await notifications.feedOf(recipient)).map((row) => row.id);
/** Waits until Redis has confirmed a subscription of the recipient. */
const listening = async (recipient: Account) => {
  const { Redis } = await import('ioredis');
  const redis = new Redis(notifications.redis.url);
  const channel = `live:notification:${recipient.userId}`;
  await waitFor(async () => Number((await redis.pubsub('NUMSUB', channel))[1]) > 0);
  redis.disconnect();
};

/** How many events were delivered to the consumer that tells of tasks after it had handled them. */
const repeated = async (): Promise<number> => {
  const metrics = await (await fetch(`${notifications.service.url}/metrics`)).text();
  const counts = metrics.matchAll(
    /^taskgraph_consumed_events_total{[^}]*consumer="notifications-on-task-assigned",outcome="repeated"[^}]*} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
};

/** The cursor of the newest notification, out of the list. */
const newestCursor = async (recipient: Account): Promise<string> => {
  const { data } = await notifications.call(recipient, '{ notifications(first: 1) { edges { cursor } } }');
  return data.notifications.edges[0].cursor;
};

describe('notificationReceived', () => {
  it('brings what comes from now on, without `after`', async () => {
    const grace = notifications.account('Grace');
    await assign(grace, 2);
    await fed(grace, 2);
    const { received } = notifications.subscribe(grace, {});
    await listening(grace);
    await assign(grace, 2);
    await waitFor(() => received.length === 2);
    expect(idsOf(received)).toEqual((await feedIds(grace)).slice(2));
    const [{ notification }] = received as [Received];
    expect(notification).toEqual({
      id: expect.any(String),
      title: expect.stringMatching(/^Ada assigned WEB-42 Task [01] to you$/),
      kind: 'TASK_ASSIGNED',
      task: { id: expect.any(String) },
      actor: { id: ada.userId },
      createdAt: expect.stringMatching(/Z$/),
      readAt: null,
    });
  });

  it('replays what came after a cursor, of the list or of the stream, and goes on live', async () => {
    const grace = notifications.account('Grace');
    await assign(grace, 1);
    await fed(grace, 1);
    const after = await newestCursor(grace);
    await assign(grace, 3);
    await fed(grace, 4);
    const first = notifications.subscribe(grace, { after });
    await waitFor(() => first.received.length === 3);
    await first.close();
    await assign(grace, 2);
    const second = notifications.subscribe(grace, { after: first.received[1]?.cursor as string });
    await waitFor(() => second.received.length === 3);
    expect(idsOf(first.received)).toEqual((await feedIds(grace)).slice(1, 4));
    expect(idsOf(second.received)).toEqual((await feedIds(grace)).slice(3));
  });

  it('has no gap and no repeat while events arrive, for clients that come and go', async () => {
    const grace = notifications.account('Grace');
    await assign(grace, 1);
    await fed(grace, 1);
    const after = await newestCursor(grace);
    const events = 150;
    const sending = Promise.all(Array.from({ length: 6 }, () => assign(grace, events / 6)));
    // Each client starts somewhere amidst, from the same cursor; the last one resumes five times.
    const clients = Array.from({ length: 4 }, () => notifications.subscribe(grace, { after }));
    const resumed: Received[] = [];
    for (let cursor = after, turn = 1; turn <= 5; turn++) {
      const part = notifications.subscribe(grace, { after: cursor });
      await waitFor(() => part.received.length >= Math.min(turn * 5, events - resumed.length));
      await part.close();
      resumed.push(...part.received);
      cursor = resumed.at(-1)?.cursor ?? cursor;
    }
    await sending;
    await waitFor(() => clients.every(({ received }) => received.length >= events), { timeoutMs: 45_000 });
    const feed = (await feedIds(grace)).slice(1);
    expect(feed).toHaveLength(events);
    for (const { received } of clients) expect(idsOf(received)).toEqual(feed);
    expect(idsOf(resumed)).toEqual(feed.slice(0, resumed.length));
  }, 60_000);

  it('replays more than one page', async () => {
    const grace = notifications.account('Grace');
    await Promise.all(Array.from({ length: 10 }, () => assign(grace, 12)));
    await waitFor(async () => (await notifications.feedOf(grace)).length === 120, { timeoutMs: 20_000 });
    const { received } = notifications.subscribe(grace, { after: cursor('notifications sequence', '0') });
    await waitFor(() => received.length === 120);
    expect(idsOf(received)).toEqual(await feedIds(grace));
  }, 30_000);

  it('brings what Redis could not tell of, once Redis is back', async () => {
    const grace = notifications.account('Grace');
    const { received } = notifications.subscribe(grace, {});
    await listening(grace);
    await notifications.redis.stop();
    await assign(grace, 3);
    await fed(grace, 3);
    await notifications.redis.start();
    await waitFor(() => received.length === 3);
    await assign(grace, 1);
    await waitFor(() => received.length === 4);
    expect(idsOf(received)).toEqual(await feedIds(grace));
  }, 30_000);

  it('passes over what is about a workspace that the recipient is no member of any more', async () => {
    const grace = notifications.account('Grace');
    await assign(grace, 2);
    await fed(grace, 2);
    const { pool, memberships } = notifications;
    const elsewhere = newId();
    memberships.set(`${elsewhere} ${grace.userId}`, {
      workspaceId: elsewhere,
      userId: grace.userId,
      role: 'GUEST',
      version: 1,
    });
    await pool.query('update membership set role = null, version = 8 where user_id = $1', [grace.userId]);
    await pool.query(
      `with place as (update feed set last_sequence = 3 where recipient_id = $1)
       insert into notification (id, recipient_id, sequence, event_id, kind, workspace_id, title, created_at)
       values (gen_random_uuid(), $1, 3, gen_random_uuid(), 'TASK_ASSIGNED', $2, 'Elsewhere', now())`,
      [grace.userId, elsewhere],
    );
    const { received, close } = notifications.subscribe(grace, { after: cursor('notifications sequence', '0') });
    await waitFor(() => received.length > 0);
    expect(received.map(({ notification }) => notification.title)).toEqual(['Elsewhere']);
    await close();
  });

  it('fills a gap that a lost hint has left', async () => {
    const grace = notifications.account('Grace');
    const { received } = notifications.subscribe(grace, {});
    await listening(grace);
    await assign(grace, 1);
    await waitFor(() => received.length === 1);
    // As if the process had died between the commit and the PUBLISH.
    await notifications.pool.query(
      `with place as (update feed set last_sequence = last_sequence + 1 where recipient_id = $1 returning last_sequence)
       insert into notification (id, recipient_id, sequence, event_id, kind, workspace_id, title, created_at)
       select gen_random_uuid(), $1, last_sequence, gen_random_uuid(), 'TASK_ASSIGNED', $2, 'Lost', now() from place`,
      [grace.userId, notifications.workspaceId],
    );
    await assign(grace, 1);
    await waitFor(() => received.length === 3);
    expect(idsOf(received)).toEqual(await feedIds(grace));
  });

  it('brings at once what a process could not tell of before it died, when the event is delivered again', async () => {
    const grace = notifications.account('Grace');
    const { received } = notifications.subscribe(grace, {});
    await listening(grace);
    const event = await notifications.assign(notifications.account('Eve'), null);
    await waitFor(() =>
      notifications.count(
        `backbone.inbox where event_id = $1 and consumer = 'notifications-on-task-assigned'`,
        event.id,
      ),
    );
    await notifications.pool.query(
      `with place as (insert into feed (recipient_id, last_sequence) values ($1, 1))
       insert into notification (id, recipient_id, sequence, event_id, kind, workspace_id, title, created_at)
       values (gen_random_uuid(), $1, 1, $2, 'TASK_ASSIGNED', $3, 'Committed', now())`,
      [grace.userId, event.id, notifications.workspaceId],
    );
    await notifications.publisher.again(event);
    await waitFor(() => received.length === 1, { timeoutMs: 3_000 });
    expect(idsOf(received)).toEqual(await feedIds(grace));
  });

  it('brings an event once that is delivered again, and goes on', async () => {
    const grace = notifications.account('Grace');
    const { received } = notifications.subscribe(grace, { after: cursor('notifications sequence', '0') });
    await listening(grace);
    const event = await notifications.assign(ada, grace, { title: 'Once' });
    await waitFor(() => received.length === 1);
    const repeats = await repeated();
    for (let time = 0; time < 3; time++) await notifications.publisher.again(event);
    await waitFor(async () => (await repeated()) === repeats + 3);
    await notifications.assign(ada, grace, { title: 'Marker' });
    await waitFor(() => received.some(({ notification }) => notification.title.includes('Marker')));
    expect(idsOf(received)).toEqual(await feedIds(grace));
    expect(received).toHaveLength(2);
  });

  it("brings nobody else's", async () => {
    const [grace, linus] = [notifications.account('Grace'), notifications.account('Linus')];
    const { received } = notifications.subscribe(linus, {});
    await listening(linus);
    await assign(grace, 2);
    await fed(grace, 2);
    await assign(linus, 1);
    await waitFor(() => received.length === 1);
    expect(idsOf(received)).toEqual(await feedIds(linus));
  });

  it('stops listening in Redis as soon as the client has gone, also while nothing comes', async () => {
    const grace = notifications.account('Grace');
    const subscribed = notifications.subscribe(grace, {});
    await listening(grace);
    await subscribed.close();
    const { Redis } = await import('ioredis');
    const redis = new Redis(notifications.redis.url);
    const channel = `live:notification:${grace.userId}`;
    await waitFor(async () => Number((await redis.pubsub('NUMSUB', channel))[1]) === 0, { timeoutMs: 2_000 });
    redis.disconnect();
  });
});

describe('notificationReceived refuses', () => {
  it.each([
    ['no cursor', 'nonsense'],
    ['a cursor of another list', cursor('comments +createdAt +id', '2026-11-20T09:00:00.000Z', 'x')],
    ['a sequence that is none', cursor('notifications sequence', '-1')],
    ['a sequence beyond the numbers', cursor('notifications sequence', '99999999999')],
    ['a place beyond the end of the feed', cursor('notifications sequence', '1000')],
  ])('%s', async (_name, after) => {
    const { codes, ended, received } = notifications.subscribe(notifications.account('Grace'), { after });
    await ended;
    expect([codes, received]).toEqual([['BAD_USER_INPUT'], []]);
  });

  it('anonymous', async () => {
    const { codes, ended } = notifications.subscribe(null);
    await ended;
    expect(codes).toEqual(['UNAUTHENTICATED']);
  });

  it('an operation that nobody signed', async () => {
    const { codes, ended } = notifications.subscribe(notifications.account('Grace'), { signed: false });
    await ended;
    expect(codes).toEqual(['CALL_REFUSED']);
  });
});

function cursor(...content: string[]): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
