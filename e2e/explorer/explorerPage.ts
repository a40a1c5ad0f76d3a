import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '#platform/testing/waitFor.ts';

/** Apollo's CDN, which not every network lets through. */
export const cdn = 'https://embeddable-sandbox.cdn.apollographql.com/**';

/** The local explorer in a browser tab, as a person uses it. */
export type ExplorerPage = {
  page: Page;
  /** What the browser complained about: blocked scripts, uncaught errors. */
  complaints: string[];
  /** Loads the page anew, and waits until its editor is back. */
  reload(): Promise<void>;
  /** Opens one of the example tabs. */
  openTab(name: string): Promise<void>;
  /** Puts an operation in the place of the tab's own. */
  write(operation: string): Promise<void>;
  run(): Promise<void>;
  /** What the response shows, without spaces. */
  response(): Promise<string>;
};

/** Opens the address that `npm start` prints, with the CDN out of reach, and waits for what comes up instead. */
export async function openExplorer(context: BrowserContext, url: string): Promise<ExplorerPage> {
  await context.route(cdn, (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|MIME type/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  await page.waitForURL('**/explorer');
  const editor = page.locator('.graphiql-query-editor .monaco-editor').first();
  const editorText = async () => withoutSpaces(await editor.locator('.view-lines').textContent());
  const editorShows = async (text: string) =>
    void (await waitFor(async () => (await editorText()).includes(withoutSpaces(text))));
  /** The text of the tab that was open comes a moment after the editor, and would be put into the one opened meanwhile. */
  const loaded = async () => {
    await editor.waitFor();
    await waitFor(editorText);
  };
  await loaded();
  return {
    page,
    complaints,
    async reload() {
      await page.reload();
      await loaded();
    },
    async openTab(name) {
      // The tab that is open has a button in it, which is part of its name.
      await page.getByRole('tab', { name: new RegExp(`^${name}\\b`) }).click();
      // Its text comes a moment later, and would replace what was written meanwhile.
      await editorShows(name);
    },
    async write(operation) {
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(operation);
      await editorShows(operation.slice(0, 40));
    },
    run: () => page.getByRole('button', { name: /execute query/i }).click(),
    response: async () => withoutSpaces(await page.locator('.graphiql-response .view-lines').first().textContent()),
  };
}

/** Monaco shows spaces as no-break spaces. */
function withoutSpaces(text: string | null): string {
  return (text ?? '').replace(/[\s\u00a0]+/g, '');
}
