import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Browser } from 'playwright-core';
import { waitFor } from '#platform/testing/waitFor.ts';
import { type Person, password, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';
import { cdn, type ExplorerPage, openExplorer } from './explorerPage.ts';
import { launchChromium } from './launchChromium.ts';

jest.setTimeout(120_000);

let browser: Browser;
let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
beforeAll(async () => {
  browser = await launchChromium();
  system = await startTestSystem();
  team = await startTeam(system);
});
afterAll(async () => {
  await browser?.close();
  await system?.remove();
});

async function open(): Promise<ExplorerPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return openExplorer(context, system.urls.explorer);
}

async function logIn(explorer: ExplorerPage, person: Person): Promise<void> {
  await explorer.openTab('SignIn');
  await explorer.write(
    `mutation SignIn { login(input: { email: "${person.email}", password: "${password}" }) { accessToken } }`,
  );
  await explorer.run();
  await explorer.page.getByText('Signed in:').waitFor();
}

/** Whether a subscription of this person stands: what happened before that, it may rightly miss. */
async function isHeard(personId: string): Promise<boolean> {
  const redis = new Redis(system.urls.redis);
  try {
    return ((await redis.pubsub('CHANNELS', `live:*${personId}`)) as string[]).length > 0;
  } finally {
    redis.disconnect();
  }
}

describe('where Apollo’s CDN cannot be reached', () => {
  it('the local explorer comes up by itself, and a task made in one browser is announced in the other', async () => {
    const { ada, grace, projectId } = team;
    const [hers, his] = await Promise.all([open(), open()]);

    await logIn(hers, grace);
    await hers.openTab('Notifications');
    await hers.run();
    await waitFor(() => isHeard(grace.id));

    await logIn(his, ada);
    await his.openTab('CreateTask');
    await his.write(
      `mutation CreateTask { createTask(input: { projectId: "${projectId}", title: "Look at the explorer", assigneeId: "${grace.id}" }) { task { key } } }`,
    );
    await his.run();
    const key = await waitFor(async () => /"key":"(WEB-\d+)"/.exec(await his.response())?.[1]);

    const told = await waitFor(async () => {
      const text = await hers.response();
      return text.includes('notificationReceived') ? text : null;
    });
    expect(told).toContain('"kind":"TASK_ASSIGNED"');
    expect(told).toContain(`assigned${key}Lookattheexplorertoyou`);
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  it('tabs of one browser share the login, also after a reload; a token that the server does not know is dropped', async () => {
    const first = await open();
    await logIn(first, team.ada);
    const second = await openExplorer(first.page.context(), system.urls.explorer);
    await second.page.getByText('Signed in:').waitFor();
    await second.openTab('MyWorkspaces');
    await second.write('query MyWorkspaces { me { name } }');
    await second.run();
    await waitFor(async () => (await second.response()).includes('"name":"Ada"'));

    await second.page.getByRole('button', { name: 'Sign out' }).click();
    await first.page.getByText('Not signed in').waitFor();

    await second.page.evaluate(() => localStorage.setItem('explorer:accessToken', 'of.another.day'));
    await second.page.reload();
    await second.page.getByText('Not signed in').waitFor();
    await logIn(second, team.ada);
  });

  it('a network that swallows packets is waited for no longer than some seconds', async () => {
    const context = await browser.newContext();
    await context.route(cdn, () => {});
    const page = await context.newPage();
    await page.goto(system.urls.explorer, { waitUntil: 'commit' });
    await page.waitForURL('**/explorer', { timeout: 8_000 });
  });
});

describe('where it can', () => {
  it('Apollo Sandbox is given both endpoints and the examples', async () => {
    const context = await browser.newContext();
    const body =
      'window.EmbeddedSandbox = function (options) { window.options = { ...options, target: options.target.id }; };';
    await context.route(cdn, (route) => route.fulfill({ contentType: 'text/javascript', body }));
    const page = await context.newPage();
    await page.goto(system.urls.explorer);
    const options = await page.waitForFunction('window.options').then((handle) => handle.jsonValue());
    expect(options).toMatchObject({
      target: 'sandbox',
      initialEndpoint: system.urls.graphql,
      initialSubscriptionEndpoint: system.urls.subscriptions,
      initialState: { document: expect.stringContaining('subscription Notifications') },
    });
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it('a browser that opens the GraphQL endpoint is shown the explorer', async () => {
    const response = await fetch(system.urls.graphql, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect({ status: response.status, to: response.headers.get('location') }).toEqual({ status: 302, to: '/' });
  });
});
