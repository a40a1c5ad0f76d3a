import { describe, expect, it } from '@jest/globals';
import { waitFor } from '#platform/testing/waitFor.ts';
import { libraryFeed } from './support/libraryFeed.ts';
import { listening, testLive } from './support/testLive.ts';

const live = testLive();

describe('a socket', () => {
  it('that says nothing is closed after 3 s', async () => {
    const socket = await live.open();
    const began = Date.now();
    expect(await socket.waitForClose()).toMatchObject({ code: 4408 });
    expect(Date.now() - began).toBeLessThan(3_500);
  });

  it('that subscribes before it has introduced itself is closed', async () => {
    const socket = await live.open();
    socket.subscribe('1', 'subscription { bookAdded { id } }');
    expect(await socket.waitForClose()).toMatchObject({ code: 4401 });
  });

  it.each([
    ['a bad token', () => ({ authorization: 'Bearer nonsense' }), 'Forbidden: MALFORMED'],
    ['an expired one', () => ({ Authorization: `Bearer ${live.issuer.token({ exp: 1 })}` }), 'Forbidden: EXPIRED'],
    ['a token that is no text', () => ({ authorization: { a: 1 } }), 'Forbidden: MALFORMED'],
  ])('with %s is closed with 4403', async (_name, payload, reason) => {
    const socket = await live.open();
    socket.send({ type: 'connection_init', payload: payload() });
    expect(await socket.waitForClose()).toEqual({ code: 4403, reason });
    expect(socket.messages).toEqual([]);
  });

  it('is closed with 4401 when its token expires', async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const socket = await live.connect({ AUTHORIZATION: `Bearer ${live.issuer.token({ exp })}` });
    await listening(socket, '1', 'subscription { guarded { id } }');
    const open = libraryFeed.open();
    expect((await socket.waitForClose()).code).toBe(4401);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 5);
    await waitFor(() => libraryFeed.open() === open - 1);
  });

  it.each([
    ['garbage', 'garbage', 4400],
    ['an unknown message', '{"type":"dance"}', 4400],
    ['a message of 65 KB', JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(65 * 1024) } }), 1009],
    ['a second introduction', '{"type":"connection_init"}', 4429],
  ])('that sends %s is closed', async (_name, message, code) => {
    const socket = await live.connect();
    socket.send(message);
    expect((await socket.waitForClose()).code).toBe(code);
  });

  it('with another subprotocol, or at another path, is not served', async () => {
    await expect(live.open({ protocol: 'graphql-ws' })).rejects.toThrow();
    await expect(live.open({ path: '/other' })).rejects.toThrow('404');
  });
});

describe('queries and mutations over a socket', () => {
  it('are answered as over HTTP, for the viewer of the socket', async () => {
    const socket = await live.connect({ authorization: `Bearer ${live.issuer.token()}` });
    socket.subscribe('1', '{ caller }');
    expect(await socket.next('1')).toMatchObject({
      type: 'next',
      payload: { data: { caller: 'user-1 session-1 127.0.0.1' } },
    });
    expect(await socket.next('1')).toMatchObject({ type: 'complete' });
    socket.subscribe('2', 'mutation ($title: String!) { addBook(title: $title) { id title } }', {
      variables: { title: 'Kindred' },
    });
    expect((await socket.next('2')).payload).toEqual({ data: { addBook: { id: '99', title: 'Kindred' } } });
  });

  it('carry their errors with codes', async () => {
    const socket = await live.connect();
    const cases: [string, string, string][] = [
      ['parse', '{ caller', 'GRAPHQL_PARSE_FAILED'],
      ['validate', '{ nobody }', 'GRAPHQL_VALIDATION_FAILED'],
      ['validate2', 'subscription { nobody }', 'GRAPHQL_VALIDATION_FAILED'],
      ['variable', 'query ($id: ID!) { author(id: $id) { id } }', 'BAD_USER_INPUT'],
      ['variable2', 'subscription ($size: Int!) { flood(size: $size, count: 1) { number } }', 'BAD_USER_INPUT'],
    ];
    for (const [id, query, code] of cases) {
      socket.subscribe(id, query);
      const { type, payload } = await socket.next(id);
      expect({ id, type, code: payload[0].extensions.code }).toEqual({ id, type: 'error', code });
    }
    socket.subscribe('field', '{ refused }');
    const { type, payload } = await socket.next('field');
    expect(type).toBe('next');
    expect(payload).toMatchObject({
      data: { refused: null },
      errors: [{ path: ['refused'], extensions: { code: 'FORBIDDEN' } }],
    });
  });
});
