import { beforeAll, describe, expect, it } from '@jest/globals';
import { TaskCreated } from '#events/tasks.ts';
import { MembershipChanged, UserChanged, UserRegistered } from '#events/users.ts';
import { newId } from '#platform/ids.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let notifications: Fixture;

beforeAll(async () => {
  notifications = await startFixture(scope);
}, 30_000);

const told = (account: Account, expected: number) =>
  waitFor(async () => {
    const feed = await notifications.feedOf(account);
    return feed.length >= expected ? feed : null;
  });

const telling = `consumer in ('notifications-on-task-assigned', 'notifications-on-comment-added')`;
/** Waits until an event has been handled by whoever tells of it, whatever came of it. */
const handled = (event: { id: string }) =>
  waitFor(() => notifications.count(`backbone.inbox where event_id = $1 and ${telling}`, event.id));

describe('who is told', () => {
  it('the assignee of a new task', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace', 'GUEST')];
    const event = await notifications.assign(ada, grace);
    const [notification, ...others] = await told(grace, 1);
    expect(others).toEqual([]);
    expect(notification).toMatchObject({
      sequence: 1,
      event_id: event.id,
      kind: 'TASK_ASSIGNED',
      workspace_id: notifications.workspaceId,
      task_id: event.aggregateId,
      actor_id: ada.userId,
      title: 'Ada assigned WEB-42 Fix the header to you',
      created_at: event.time,
      read_at: null,
    });
    expect(await notifications.feedOf(ada)).toEqual([]);
  });

  it('the new assignee of a changed task, and nobody when the assignee stayed or did it', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    const quiet = [
      await notifications.update(ada, grace, ['title', 'status']),
      await notifications.assign(grace, grace),
      await notifications.update(grace, grace, ['assigneeId']),
      await notifications.update(ada, null, ['assigneeId']),
    ];
    const loud = await notifications.update(ada, grace, ['assigneeId']);
    for (const event of [...quiet, loud]) await handled(event);
    expect((await notifications.feedOf(grace)).map((row) => row.event_id)).toEqual([loud.id]);
  });

  it('the assignee and the creator of a task that somebody else commented on, each once', async () => {
    const [ada, grace, linus] = ['Ada', 'Grace', 'Linus'].map((name) => notifications.account(name)) as Account[];
    if (!ada || !grace || !linus) throw new Error('three people');
    for (const event of [
      await notifications.comment(linus, ada, grace),
      await notifications.comment(linus, ada, ada),
      await notifications.comment(grace, ada, grace),
      await notifications.comment(ada, ada, null),
    ]) {
      await handled(event);
    }
    const titles = async (account: Account) => (await notifications.feedOf(account)).map((row) => row.title).sort();
    const byLinus = 'Linus commented on WEB-42 Fix the header';
    expect(await titles(ada)).toEqual(['Grace commented on WEB-42 Fix the header', byLinus, byLinus]);
    expect(await titles(grace)).toEqual([byLinus]);
    expect(await titles(linus)).toEqual([]);
  });

  it('members only: neither a stranger nor somebody who was removed', async () => {
    const ada = notifications.account('Ada');
    const [removed, stranger] = [notifications.account('Gone', null), notifications.account('Stranger')];
    notifications.memberships.delete(`${notifications.workspaceId} ${stranger.userId}`);
    for (const person of [removed, stranger]) await handled(await notifications.assign(ada, person));
    expect(await notifications.feedOf(removed)).toEqual([]);
    expect(await notifications.feedOf(stranger)).toEqual([]);
  });

  it('also who was just added again, when that event is still on its way, and was asked about a moment ago', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    const { workspaceId } = notifications;
    const membership = { id: newId(), workspaceId, userId: grace.userId, role: null };
    const fact = { aggregateId: membership.id, version: 2, actorId: null, data: { membership } };
    const ended = await notifications.publisher.publish(MembershipChanged, fact);
    await waitFor(() => notifications.count('backbone.inbox where event_id = $1', ended.id));
    const key = `${workspaceId} ${grace.userId}`;
    notifications.memberships.set(key, { workspaceId, userId: grace.userId, role: null, version: 2 });
    await handled(await notifications.assign(ada, grace));
    expect(await notifications.feedOf(grace)).toEqual([]);
    notifications.memberships.set(key, { workspaceId, userId: grace.userId, role: 'MEMBER', version: 3 });
    await handled(await notifications.assign(ada, grace));
    expect(await notifications.feedOf(grace)).toHaveLength(1);
  });
});

describe('an event', () => {
  it('that is delivered again tells once and sends one e-mail', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    const event = await notifications.assign(ada, grace);
    await told(grace, 1);
    await waitFor(() => notifications.mailsTo(grace).length === 1);
    for (let time = 0; time < 3; time++) await notifications.publisher.again(event);
    // Comes after the repeats on the same consumer, and its e-mail after theirs would.
    const last = await notifications.assign(ada, grace);
    await handled(last);
    await waitFor(async () => (await notifications.feedOf(grace)).every(({ state }) => state === 'SENT'));
    expect((await notifications.feedOf(grace)).map((row) => row.event_id)).toEqual([event.id, last.id]);
    expect(notifications.mailsTo(grace)).toHaveLength(2);
  });

  it('that is poison is put aside with its reason, and others go on', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    const event = await notifications.assign(ada, grace);
    await told(grace, 1);
    await notifications.publisher.raw(TaskCreated, 'not even JSON');
    const poison = { ...event, id: newId(), data: { task: { id: 'not a task' } } };
    await notifications.publisher.again(poison);
    const since = Date.now();
    await notifications.assign(ada, grace);
    await told(grace, 2);
    expect(Date.now() - since).toBeLessThan(2_000);
    await waitFor(async () => (await notifications.count(`backbone.dead_letter where ${telling}`)) === 2);
    const { rows } = await notifications.pool.query('select reason from backbone.dead_letter where event_id = $1', [
      poison.id,
    ]);
    expect(rows[0].reason).toMatch(/workspaceId/);
  }, 20_000);

  it('waits, at no cost, while users can not be asked for somebody unknown', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    await notifications.users.stop();
    const event = await notifications.assign(ada, grace);
    await waitFor(() => notifications.lines.some((line) => line.includes(event.id) && line.includes('Put off')));
    await notifications.users.start();
    await told(grace, 1);
    expect(await notifications.count('backbone.failure where event_id = $1', event.id)).toBe(0);
    expect(await notifications.count('backbone.dead_letter where event_id = $1', event.id)).toBe(0);
  }, 30_000);

  it('holds no transaction open while users is asked', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    // Nothing else is being handled meanwhile.
    const before = notifications.openWhenAsked.length;
    await notifications.assign(ada, grace);
    await told(grace, 1);
    // The membership of the one, and both names.
    expect(notifications.openWhenAsked.slice(before)).toEqual([0, 0, 0]);
  });
});

describe('fifty events at once', () => {
  it('for one person give a gapless feed, and for crossing recipients no deadlock', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        number % 2 ? notifications.assign(ada, grace) : notifications.comment(notifications.account('Eve'), grace, ada),
      ),
    );
    const feed = await told(grace, 50);
    expect(feed.map((row) => row.sequence)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect((await told(ada, 25)).map((row) => row.sequence)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
    expect(notifications.lines.filter((line) => line.includes('deadlock'))).toEqual([]);
  }, 20_000);
});

describe('a person who has another name now', () => {
  it('is spoken of by it', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    const user = { id: ada.userId, name: 'Ada King', email: ada.email, avatarUrl: null };
    const fact = { aggregateId: ada.userId, version: 2, actorId: ada.userId, data: { user } };
    await notifications.publisher.publish(UserChanged, fact);
    await waitFor(() => notifications.count('person where id = $1 and name = $2', ada.userId, 'Ada King'));
    await notifications.assign(ada, grace);
    expect((await told(grace, 1)).map((row) => row.title)).toEqual(['Ada King assigned WEB-42 Fix the header to you']);
  });
});

describe('a service that was started late', () => {
  it('tells of what was published before, with the names and memberships that came as events', async () => {
    const late = await startFixture(scope, { started: false });
    const [ada, grace] = [late.account('Ada'), late.account('Grace')];
    const { workspaceId, publisher } = late;
    for (const { userId, name, email } of [ada, grace]) {
      const user = { id: userId, name, email, avatarUrl: null };
      await publisher.publish(UserRegistered, { aggregateId: userId, version: 1, actorId: userId, data: { user } });
      const membership = { id: newId(), workspaceId, userId, role: 'MEMBER' as const };
      const fact = { aggregateId: membership.id, version: 1, actorId: null, data: { membership } };
      await publisher.publish(MembershipChanged, fact);
    }
    await late.assign(ada, grace);
    await late.service.start();
    const feed = await waitFor(async () => {
      const rows = await late.feedOf(grace);
      return rows.length > 0 ? rows : null;
    });
    expect(feed.map((row) => row.title)).toEqual(['Ada assigned WEB-42 Fix the header to you']);
    await waitFor(() => late.mailsTo(grace).length === 1);
  }, 30_000);
});
