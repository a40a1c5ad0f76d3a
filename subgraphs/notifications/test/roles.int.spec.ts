import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let notifications: Fixture;
let ada: Account;
let grace: Account;

beforeAll(async () => {
  notifications = await startFixture(scope, { role: 'api' });
  [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
}, 30_000);

describe('the roles', () => {
  it('api answers and serves subscriptions; worker, a process beside it, consumes and sends; Redis connects them', async () => {
    const api = notifications.service.url;
    const subscribed = notifications.subscribe(grace, {});
    const late = await notifications.assign(ada, grace);
    expect((await notifications.call(grace, '{ unreadNotificationCount }')).data).toEqual({
      unreadNotificationCount: 0,
    });

    const worker = await notifications.service.start('worker');
    const [event] = await waitFor(() => (subscribed.received.length > 0 ? subscribed.received : null));
    expect(event?.notification.title).toBe('Ada assigned WEB-42 Fix the header to you');
    await waitFor(() => notifications.mailsTo(grace).length === 1);
    expect(await notifications.count('notification where event_id = $1', late.id)).toBe(1);

    const post = (url: string) => fetch(`${url}/graphql`, { method: 'POST' });
    expect([(await post(worker)).status, (await post(api)).status]).toEqual([404, 401]);
    for (const url of [api, worker]) expect((await fetch(`${url}/readyz`)).status).toBe(200);
  }, 30_000);
});
