import type { IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();

describe('traces of requests at the same time', () => {
  const ids = Array.from({ length: 20 }, (_, at) => at.toString(16).padStart(32, 'a'));
  const traceOf = ({ headers }: IncomingMessage) => String(headers.traceparent).split('-')[1];
  let own: TestGateway;
  /** The trace of each call for entities, and the trace that the entity itself names. */
  const seen: [called: string | undefined, asked: string][] = [];

  beforeAll(async () => {
    const booksUrl = await startRawServer((request, response) => {
      const author = { __typename: 'Author', id: traceOf(request) };
      response.end(JSON.stringify({ data: { books: [{ author }] } }));
    }, scope);
    const authorsUrl = await startRawServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const [{ id }] = JSON.parse(text).variables.representations;
      seen.push([traceOf(request), id]);
      if (id === ids[0]) request.socket.destroy();
      response.end('{"data":null,"errors":[{"message":"an accident"}]}');
    }, scope);
    own = await startTestGateway(
      { SUPERGRAPH: writeLibrarySupergraph({ authors: authorsUrl, books: booksUrl }) },
      scope,
    );
  });

  it('go on in the calls that come after others, and in the lines of what went wrong in them', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const conditions = names.map((name) => `$${name}: Boolean!`).join(' ');
    const skips = names.map((name) => `${name}: id @skip(if: $${name})`).join(' ');
    for (const query of [
      '{ books { author { name } } }',
      // Of the kind that isn't compiled.
      `query (${conditions}) { books { author { name ${skips} } } }`,
    ]) {
      seen.length = 0;
      own.lines.length = 0;
      const answers = await Promise.all(
        ids.map((id) =>
          own.query(query, {
            variables: Object.fromEntries(names.map((name) => [name, true])),
            headers: { traceparent: `00-${id}-${'b'.repeat(16)}-01` },
          }),
        ),
      );
      expect(new Set(seen.map(String))).toEqual(new Set(ids.map((id) => `${id},${id}`)));
      for (const [at, { errors }] of answers.entries()) {
        const { incident } = errors?.[0]?.extensions ?? {};
        const isTold = (line: Record<string, unknown>) =>
          at === 0 ? line.msg === 'authors did not answer' : line.incident === incident;
        expect(own.lines.find(isTold)).toMatchObject({ trace_id: ids[at] });
      }
      const operations = own.lines.filter(({ msg }) => msg === 'Operation');
      expect(operations.map((line) => line.trace_id).sort()).toEqual([...ids].sort());
    }
  });
});

it('the line of a plain route whose service is away has the trace of the request', async () => {
  const away = await startTestGateway(
    { SUPERGRAPH: writeLibrarySupergraph(), PROXY_ROUTES: '/gone=http://127.0.0.1:9/' },
    scope,
  );
  const id = 'd'.repeat(32);
  const { status } = await fetch(`${away.url}/gone`, { headers: { traceparent: `00-${id}-${'b'.repeat(16)}-01` } });
  expect(status).toBe(503);
  expect(away.lines.find(({ msg }) => msg === 'a proxied route is not available')).toMatchObject({ trace_id: id });
});
