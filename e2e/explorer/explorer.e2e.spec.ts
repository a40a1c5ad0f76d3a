import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Browser, BrowserContext } from 'playwright-core';
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

const newBrowser = () => browser.newContext({ viewport: { width: 1280, height: 800 } });
const open = async (context?: BrowserContext) => openExplorer(context ?? (await newBrowser()), system.urls.explorer);

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
  it('the local explorer comes up by itself, and a task made in one tab is announced in another, to somebody else', async () => {
    const { ada, grace, projectId } = team;
    const context = await newBrowser();
    const hers = await open(context);
    await logIn(hers, grace);
    await hers.openTab('Notifications');
    await hers.run();
    await waitFor(() => isHeard(grace.id));

    // A new tab begins with Grace's login; Ada's replaces it there, and there only.
    const his = await open(context);
    await his.page.getByText('Signed in:').waitFor();
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

  it('each tab has its own login, also after a reload; a token that the server does not know is dropped', async () => {
    const context = await newBrowser();
    const first = await open(context);
    const second = await open(context);
    await logIn(first, team.grace);
    await second.page.getByText('Not signed in').waitFor();
    await logIn(second, team.ada);
    for (const [tab, person] of [
      [first, team.grace],
      [second, team.ada],
    ] as const) {
      await tab.reload();
      await tab.page.getByTitle(`for ${person.id}`).waitFor();
    }

    await second.page.getByRole('button', { name: 'Sign out' }).click();
    await second.reload();
    await second.page.getByText('Not signed in').waitFor();
    await first.page.getByText('Signed in:').waitFor();

    await second.page.evaluate(() => sessionStorage.setItem('explorer:accessToken', 'of.another.day'));
    await second.reload();
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

  it('what Apollo Sandbox sends is sent with the login of the tab, over HTTP and over its sockets', async () => {
    const context = await newBrowser();
    // Sandbox itself can't be had here: this does what it does from the page, with what the page gives it.
    const body = `window.EmbeddedSandbox = function (options) {
      window.ask = async (query) => {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
        return (await options.handleRequest(options.initialEndpoint, init)).json();
      };
      window.subscribe = (payload) => new Promise((resolve) => {
        const socket = new WebSocket(options.initialSubscriptionEndpoint, 'graphql-transport-ws');
        const send = (message) => socket.send(JSON.stringify(message));
        socket.onopen = () => send({ type: 'connection_init', payload });
        socket.onmessage = ({ data }) => {
          if (JSON.parse(data).type !== 'connection_ack') return;
          send({ id: '1', type: 'subscribe', payload: { query: 'subscription { notificationReceived { cursor } }' } });
          resolve('acknowledged');
        };
        socket.onclose = ({ code }) => resolve(code);
      });
    };`;
    await context.route(cdn, (route) => route.fulfill({ contentType: 'text/javascript', body }));
    const tab = async () => {
      const page = await context.newPage();
      await page.goto(system.urls.explorer);
      await page.waitForFunction('window.ask');
      // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
      const ask = (query: string): Promise<any> => page.evaluate(`ask(${JSON.stringify(query)})`);
      const subscribe = (payload?: object) => page.evaluate(`subscribe(${JSON.stringify(payload)})`);
      return { page, ask, subscribe };
    };
    const signIn = ({ email }: Person) =>
      `mutation { login(input: { email: "${email}", password: "${password}" }) { accessToken } }`;

    const [hers, his] = [await tab(), await tab()];
    expect((await hers.ask('{ me { name } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    await hers.ask(signIn(team.grace));
    await his.ask(signIn(team.ada));
    expect((await hers.ask('{ me { name } }')).data).toEqual({ me: { name: 'Grace' } });
    expect((await his.ask('{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
    expect((await (await tab()).ask('{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });

    expect(await hers.subscribe({})).toBe('acknowledged');
    await waitFor(() => isHeard(team.grace.id));
    // A header of one's own wins.
    expect(await hers.subscribe({ Authorization: 'Bearer of.another.day' })).toBe(4403);

    await hers.page.evaluate(() => sessionStorage.setItem('explorer:accessToken', 'of.another.day'));
    expect((await hers.ask(signIn(team.grace))).data.login.accessToken).toEqual(expect.any(String));
  });

  it('a browser that opens the GraphQL endpoint is shown the explorer', async () => {
    const response = await fetch(system.urls.graphql, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect({ status: response.status, to: response.headers.get('location') }).toEqual({ status: 302, to: '/' });
  });
});
