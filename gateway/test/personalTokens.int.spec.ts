import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import { verifyCall } from '#platform/identity/verifyCall.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { openSocket } from './support/openSocket.ts';
import { startIssuer } from './support/startIssuer.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const scope = testScope();
const keys = parseCallKeys(undefined, false);
const nonces = createNonces();
let gateway: TestGateway;

/** Who makes tokens and ends them: `pat_<scope>_<name>` is good, unless it was ended. */
const desk = { away: false, asked: [] as string[], ended: [] as { id: string; at: number }[], expiresAt: 0 };

beforeAll(async () => {
  const url = await startRawServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { url: path = '', headers } = request;
    try {
      await verifyCall({ keys, callee: 'desk', allow: ['gateway'], path, headers, body, nonces });
      if (desk.away) throw new Error('away');
      const { token } = JSON.parse(String(body)) as { token?: string };
      if (token === undefined) return void response.end(JSON.stringify({ sessions: desk.ended }));
      desk.asked.push(token);
      const [, tokenScope, name] = token.split('_');
      const viewer = { userId: 'user-1', sessionId: name, scope: tokenScope };
      const identity = tokenScope === 'bad' ? null : { viewer, expiresAt: desk.expiresAt };
      response.end(JSON.stringify({ identity }));
    } catch {
      response.writeHead(503).end();
    }
  }, scope);
  const [authors, books, issuer] = await Promise.all([
    startSubgraph('authors', scope),
    startSubgraph('books', scope),
    startIssuer(scope),
  ]);
  gateway = await startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url},books=${books.url}`,
      JWKS_URL: issuer.jwksUrl,
      REVOCATIONS_URL: `desk@${url}`,
      PERSONAL_TOKENS_URL: `desk@${url}`,
      PERSONAL_TOKEN_PREFIX: 'pat_',
    },
    scope,
  );
});

beforeEach(() => {
  Object.assign(desk, { away: false, asked: [], expiresAt: Date.now() + 90 * 86_400_000 });
});

const add = 'mutation { addBook(title: "Solaris") { title } }';
const refusal = async (token: string, query = '{ caller }') =>
  (await gateway.query(query, { token })).errors?.[0]?.extensions;

describe('a personal access token', () => {
  it('is exchanged for its owner, once a minute', async () => {
    for (let time = 0; time < 3; time += 1)
      expect((await gateway.query('{ caller }', { token: 'pat_write_one' })).data).toEqual({
        caller: 'user-1 one 127.0.0.1',
      });
    expect(desk.asked).toEqual(['pat_write_one']);
  });

  it('that is limited to reading changes nothing, over HTTP and over a socket', async () => {
    expect((await gateway.query(add, { token: 'pat_write_two' })).data).toEqual({ addBook: { title: 'Solaris' } });
    expect((await gateway.query(add, { token: 'pat_admin_two' })).data).toEqual({ addBook: { title: 'Solaris' } });
    const { status, data, errors } = await gateway.query(add, { token: 'pat_read_two' });
    expect({ status, data, code: errors?.[0]?.extensions.code }).toEqual({
      status: 403,
      data: undefined,
      code: 'FORBIDDEN',
    });
    expect(await refusal('pat_read_two')).toBeUndefined();

    const socket = await openSocket(gateway.url, scope);
    await socket.init({ authorization: 'Bearer pat_read_two' });
    socket.subscribe('1', add);
    expect(await socket.next('1')).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
    socket.subscribe('2', '{ caller }');
    expect(await socket.next('2')).toMatchObject({
      type: 'next',
      payload: { data: { caller: 'user-1 two 127.0.0.1' } },
    });
    expect(socket.closed).toBeUndefined();
  });

  it('is refused when it is no good, has expired, or was ended meanwhile', async () => {
    expect(await refusal('pat_bad_x')).toEqual({ code: 'UNAUTHENTICATED', reason: 'UNKNOWN_TOKEN' });
    desk.expiresAt = Date.now() + 1_000;
    expect(await refusal('pat_read_short')).toBeUndefined();
    desk.expiresAt -= 1_000;
    await waitFor(async () => (await refusal('pat_read_short'))?.reason === 'EXPIRED');
    desk.expiresAt = Date.now() + 86_400_000;
    expect(await refusal('pat_read_three')).toBeUndefined();
    desk.ended.push({ id: 'three', at: Date.now() });
    await waitFor(async () => (await refusal('pat_read_three'))?.reason === 'REVOKED', { timeoutMs: 2_000 });
  });

  it('says nothing while nobody can exchange it, and is asked for again', async () => {
    desk.away = true;
    expect(await refusal('pat_read_four')).toEqual({ code: 'SERVICE_UNAVAILABLE' });
    desk.away = false;
    expect(await refusal('pat_read_four')).toBeUndefined();
  });
});
