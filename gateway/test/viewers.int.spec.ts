import { expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startIssuer } from './support/startIssuer.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway } from './support/startTestGateway.ts';

const scope = testScope();

it('300 requests at once, by 20 viewers: each gets what is its viewer’s, and each call says whose it is', async () => {
  const issuer = await startIssuer(scope);
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  const gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`,
      JWKS_URL: issuer.jwksUrl,
    },
    scope,
  );
  const viewers = Array.from({ length: 20 }, (_, at) => ({ sub: `user-${at}`, sid: `session-${at}` }));
  const tokens = viewers.map((viewer) => issuer.token(viewer));
  // The same document for all of them, one of each viewer's own, and a mutation; all reach into both subgraphs.
  const operations = [
    () => '{ caller books { author { name } } }',
    (user: string) => `{ caller authors { books { title } } ${user.replace('-', '')}: caller }`,
    () => 'mutation { addBook(title: "x") { id } rename(id: "1", name: "x") { id books { title } } }',
  ];
  const answers = await Promise.all(
    Array.from({ length: 300 }, async (_, at) => {
      const user = at % 20;
      const { sub, sid } = viewers[user] as (typeof viewers)[number];
      const query = (operations[at % 3] as (user: string) => string)(sub);
      const { data, errors } = await gateway.query(query, {
        token: tokens[user] as string,
        headers: { 'user-agent': sub },
      });
      return { expected: `${sub} ${sid} 127.0.0.1`, alias: sub.replace('-', ''), data, errors };
    }),
  );
  for (const { expected, alias, data, errors } of answers) {
    expect(errors).toBeUndefined();
    if ('caller' in data) expect(data.caller).toBe(expected);
    if (alias in data) expect(data[alias]).toBe(expected);
  }
  expect(answers.filter(({ data }) => 'caller' in data)).toHaveLength(200);
  // What the subgraphs were told, call by call: viewer, session and user agent are of one and the same request.
  const calls = [...authors.calls, ...books.calls];
  expect(calls.length).toBeGreaterThan(600);
  const mixed = calls.filter(({ viewer, userAgent }) => {
    const number = viewer?.userId.split('-')[1];
    return number === undefined || viewer?.sessionId !== `session-${number}` || userAgent !== `user-${number}`;
  });
  expect(mixed).toEqual([]);
}, 30_000);
