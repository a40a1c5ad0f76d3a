import { beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { testScope } from '#platform/testing/testScope.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let gateway: TestGateway;

beforeAll(async () => {
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  const SUPERGRAPH = writeLibrarySupergraph({ authors: authors.url, books: books.url });
  gateway = await startTestGateway({ SUPERGRAPH, LIVE: 'off' }, scope);
});

it('answers queries as ever', async () => {
  expect((await gateway.query('{ authors { name } }')).data.authors).toHaveLength(2);
});

it('opens no socket and no event stream', async () => {
  const socket = new WebSocket(`${gateway.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  await expect(new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))).rejects.toThrow(
    'Unexpected server response: 400',
  );
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
    body: JSON.stringify({ query: 'subscription { bookAdded { id } }' }),
  });
  expect(response.headers.get('content-type')).toContain('application/json');
  expect((await response.json()).errors[0].extensions.code).toBe('SUBSCRIPTION_UNSUPPORTED');
});
