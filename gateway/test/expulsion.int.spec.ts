import { beforeAll, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { openEvents } from './support/openEvents.ts';
import { openSocket } from './support/openSocket.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
/** The sessions that were ended, as whoever ends them says. */
const ended: { id: string; at: number }[] = [];
let issuer: Issuer;
let gateway: TestGateway;

beforeAll(async () => {
  issuer = await startIssuer(scope);
  const desk = await startRawServer(
    (_request, response) => void response.end(JSON.stringify({ sessions: ended })),
    scope,
  );
  const [authors, books] = await Promise.all([startSubgraph('authors', scope), startSubgraph('books', scope)]);
  gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`,
      JWKS_URL: issuer.jwksUrl,
      REVOCATIONS_URL: `desk@${desk}`,
    },
    scope,
  );
});

const closes = async () => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return text.split('\n').filter((line) => /^gateway_(closes_total|sockets|event_streams|subscriptions)\{/.test(line));
};

it('whose session is ended is closed within two seconds: 4403 on a socket, UNAUTHENTICATED on an event stream; others stay', async () => {
  const token = (sid: string) => ({ authorization: `Bearer ${issuer.token({ sid })}` });
  const connect = async (sid: string) => {
    const socket = await openSocket(gateway.url, scope);
    await socket.init(token(sid));
    socket.subscribe('1', 'subscription { guarded { id } }');
    return socket;
  };
  const query = 'subscription { guarded { title } }';
  const [gone, idle, stays] = [await connect('gone'), await openSocket(gateway.url, scope), await connect('stays')];
  await idle.init(token('gone'));
  const [goneStream, staysStream] = await Promise.all(
    ['gone', 'stays'].map((sid) =>
      openEvents(`${gateway.url}/graphql`, scope, { body: { query }, headers: token(sid) }),
    ),
  );
  await waitFor(() => libraryFeed.open() === 4);
  ended.push({ id: 'gone', at: Date.now() });
  const began = Date.now();
  expect(await gone.waitForClose()).toEqual({ code: 4403, reason: 'Forbidden: REVOKED' });
  expect(await idle.waitForClose()).toEqual({ code: 4403, reason: 'Forbidden: REVOKED' });
  await waitFor(() => goneStream?.ended() === 'end');
  expect(Date.now() - began).toBeLessThan(2_000);
  expect(goneStream?.events()).toMatchObject([
    { event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'REVOKED' } }] } },
    { event: 'complete' },
  ]);
  await waitFor(() => libraryFeed.open() === 2);
  libraryFeed.publish('bookAdded', { id: '1', title: 'Ice' });
  expect((await stays.next('1')).payload).toEqual({ data: { guarded: { id: '1' } } });
  await waitFor(() => staysStream?.events().length === 1);
  const told = await closes();
  for (const line of [
    'gateway_subscriptions{service="gateway"} 2',
    'gateway_event_streams{service="gateway"} 1',
    'gateway_sockets{service="gateway"} 1',
    'gateway_closes_total{transport="websocket",code="4403",service="gateway"} 2',
    'gateway_closes_total{transport="events",code="UNAUTHENTICATED",service="gateway"} 1',
  ]) {
    expect(told).toContain(line);
  }
}, 20_000);
