import { request } from 'node:http';
import { expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { startIssuer } from './support/startIssuer.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway } from './support/startTestGateway.ts';

const scope = testScope();

it('a client that leaves while its token is looked at leaves nothing behind: no event stream, nothing upstream', async () => {
  /** Exchanges of tokens that wait to be answered. */
  const waiting: (() => void)[] = [];
  const desk = await startRawServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const { token } = JSON.parse(String(Buffer.concat(chunks))) as { token?: string };
    if (token === undefined) return void response.end('{"sessions":[]}');
    const viewer = { userId: 'user-1', sessionId: token, scope: 'write' };
    waiting.push(() => response.end(JSON.stringify({ identity: { viewer, expiresAt: Date.now() + 60_000 } })));
  }, scope);
  const [authors, books, issuer] = await Promise.all([
    startSubgraph('authors', scope),
    startSubgraph('books', scope),
    startIssuer(scope),
  ]);
  const gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`,
      JWKS_URL: issuer.jwksUrl,
      REVOCATIONS_URL: `desk@${desk}`,
      PERSONAL_TOKENS_URL: `desk@${desk}`,
      PERSONAL_TOKEN_PREFIX: 'pat_',
    },
    scope,
  );
  const ask = (name: string) => {
    const headers = {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${name}`,
    };
    const asked = request(`${gateway.url}/graphql`, { method: 'POST', headers });
    asked.on('error', () => {});
    asked.end(JSON.stringify({ query: 'subscription { bookAdded { title } }' }));
    return asked;
  };
  const [gone, stays] = [ask('pat_gone'), ask('pat_stays')];
  scope.defer('request', () => stays.destroy());
  await waitFor(() => waiting.length === 2);
  gone.destroy();
  // What the gateway answers after it has been noticed there.
  for (let at = 0; at < 3; at += 1) await fetch(`${gateway.url}/health`);
  for (const answer of waiting) answer();
  await waitFor(() => libraryFeed.open() >= 1);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const gauges = metrics.split('\n').filter((line) => /^gateway_(event_streams|subscriptions)\{/.test(line));
  expect(gauges.map((line) => line.split(' ').at(-1))).toEqual(['1', '1']);
  expect(libraryFeed.open()).toBe(1);
});
