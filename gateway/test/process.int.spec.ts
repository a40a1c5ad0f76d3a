import { expect, it } from '@jest/globals';
import { freePort } from '#platform/testing/freePort.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { openSocket } from './support/openSocket.ts';
import { startProcess } from './support/startProcess.ts';
import { startSubgraph } from './support/startSubgraph.ts';

const scope = testScope();

it('runs any supergraph that it is given, at its own URLs, and stops in order', async () => {
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { child, exit, output } = startProcess(scope, {
    SUPERGRAPH: writeLibrarySupergraph({ authors: authors.url, books: books.url }),
    PORT: String(port),
  });
  await waitFor(async () => (await fetch(`${url}/health`)).status === 200, { timeoutMs: 30_000 });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    // Identity is off: nobody looks at it.
    headers: { 'content-type': 'application/json', authorization: 'Bearer nonsense' },
    body: '{"query":"{ authors { name books { title } } }"}',
  });
  expect((await response.json()).data.authors).toHaveLength(2);

  const socket = await openSocket(url, scope);
  await socket.init({ authorization: 'Bearer nonsense' });
  socket.subscribe('1', 'subscription { bookAdded { id } }');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect((await socket.waitForClose()).code).toBe(1001);
  expect(output()).not.toContain('"level":"error"');
}, 60_000);

/** Says on SIGUSR2 whether promises have hooks: then each continuation runs under an id of its own. Node 24 needs none for it. */
const probe = `
  import { executionAsyncId } from 'node:async_hooks';
  process.on('SIGUSR2', async () => {
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push(await null, executionAsyncId());
    console.log('promises are ' + (new Set(ids.filter(Boolean)).size > 1 ? 'followed' : 'left alone'));
  });`;

it.each([
  ['left alone', {}],
  // Spans of libraries have to find their parents.
  ['followed', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }],
])(
  'promises are %s with %j: what follows them costs a fifth of a small request',
  async (expected, env) => {
    if (Number(process.versions.node.split('.')[0]) >= 24) return;
    const authors = await startSubgraph('authors', scope);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { child, output } = startProcess(scope, {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(probe)}`,
      SUPERGRAPH: writeLibrarySupergraph({ authors: authors.url }),
      PORT: String(port),
      ...env,
    });
    const body = '{"query":"{ authors { name } }"}';
    const headers = { 'content-type': 'application/json' };
    const ask = async () => (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).ok;
    await waitFor(ask, { timeoutMs: 30_000 });
    await ask();
    child.kill('SIGUSR2');
    await waitFor(() => output().includes('promises are '));
    expect(output()).toContain(`promises are ${expected}`);
  },
  60_000,
);

it('says all that is wrong with its environment at once, and exits', async () => {
  const { exit, output } = startProcess(scope, {
    PORT: 'x',
    JWKS_URL: 'nowhere',
    EXPLORER: 'maybe',
    NODE_ENV: 'production',
  });
  expect(await exit).toBe(1);
  for (const name of ['PORT: ', 'JWKS_URL: ', 'EXPLORER: ', 'CALL_KEYS is required']) expect(output()).toContain(name);
}, 30_000);
