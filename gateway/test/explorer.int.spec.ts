import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ensureExplorer } from '#dev/ensureExplorer.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startTestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let url: string;
let examples: string;

beforeAll(async () => {
  await ensureExplorer();
  const supergraph = writeLibrarySupergraph();
  examples = join(dirname(supergraph), 'examples.graphql');
  writeFileSync(
    examples,
    '# First\n# of all\nquery One { authors { ...a } }\n\nmutation Two { rename(id: "1", name: "</script>") { id } }\n\nfragment a on Author { id }\n',
  );
  ({ url } = await startTestGateway({ SUPERGRAPH: supergraph, EXPLORER_EXAMPLES: examples }, scope));
}, 60_000);

const get = (path: string) => fetch(url + path);

describe('the page at /', () => {
  it('embeds Apollo Sandbox under a policy that lets nothing else in', async () => {
    const response = await get('/');
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)' https:\/\/embeddable-sandbox\.cdn\.apollographql\.com/.exec(policy)?.[1];
    expect(nonce).toHaveLength(22);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const html = await response.text();
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html).toContain('"fallback":"/explorer"');
  });

  it('has a nonce of its own each time, and examples that cannot break out of the script', async () => {
    const [one, two] = await Promise.all([get('/'), get('/')]);
    expect(one.headers.get('content-security-policy')).not.toBe(two.headers.get('content-security-policy'));
    const html = await one.text();
    expect(html).toContain('\\u003c/script>');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
  });
});

describe('the local explorer', () => {
  it('is told where GraphQL is, and the examples one by one with their comments and fragments', async () => {
    expect(await (await get('/explorer/config.json')).json()).toEqual({
      endpoint: '/graphql',
      tokenField: 'accessToken',
      examples: [
        '# First\n# of all\nquery One { authors { ...a } }\n\nfragment a on Author { id }',
        'mutation Two { rename(id: "1", name: "</script>") { id } }',
      ],
    });
  });

  it('offers the examples as they stand now', async () => {
    const before = readFileSync(examples, 'utf8');
    writeFileSync(examples, '{ authors { id } }');
    expect(await (await get('/explorer/config.json')).json()).toMatchObject({ examples: ['{ authors { id } }'] });
    writeFileSync(examples, before);
  });

  it('is made of local files alone, kept for ever where their names carry a hash', async () => {
    for (const path of ['/explorer', '/explorer/', '/explorer/index.html']) {
      const page = await get(path);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-cache');
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    }
    const html = await (await get('/explorer')).text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file as string);
    expect(files.filter((file) => !file.startsWith('/explorer/assets/') && file !== 'data:,')).toEqual([]);
    const script = await get(files.find((file) => file.endsWith('.js')) as string);
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
  });

  it('serves nothing outside of its folder', async () => {
    for (const path of [
      '/explorer/%2e%2e/%2e%2e/package.json',
      '/explorer/..%2fvite.config.ts',
      '/explorer/.built-from',
      '/explorer/nothing.js',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

describe('switched off', () => {
  it('there are no pages', async () => {
    const own = await startTestGateway({ SUPERGRAPH: writeLibrarySupergraph(), EXPLORER: 'off' }, scope);
    for (const path of ['/', '/explorer', '/explorer/config.json'])
      expect((await fetch(own.url + path)).status).toBe(404);
    const response = await fetch(`${own.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(400);
  });
});
