import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { testScope } from '#platform/testing/testScope.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { eventsOf, openEvents } from './support/openEvents.ts';
import { startTestGateway } from './support/startTestGateway.ts';
import { testLive } from './support/testLive.ts';

const live = testLive();
const scope = testScope();

/** 1.3 KB that select 2¹⁴ times as much: to plan it would take half a minute. */
const fragments = (levels: number) =>
  Array.from(
    { length: levels },
    (_, at) =>
      `fragment F${at + 1} on Author { name a: books { author { ...F${at} } } b: books { author { ...F${at} } } }`,
  ).join(' ');
const doubling = (root: string, levels: number) =>
  `${root} { ...F${levels} } } fragment F0 on Author { id } ${fragments(levels)}`;
const query = doubling('{ author(id: "none")', 14);
const subscription = doubling('subscription { bookAdded { author', 14).replace('} }', '} } }');

const refusal = {
  message:
    'The operation selects more than 2000 fields and fragments, where each fragment counts wherever it is spread.',
  extensions: { code: 'OPERATION_TOO_LARGE' },
};

describe('what selects too much is refused before it is planned', () => {
  it('over HTTP', async () => {
    const { status, errors } = await live.gateway.query(query);
    expect({ status, errors }).toEqual({ status: 400, errors: [refusal] });
  });

  it.each([
    ['query', query],
    ['subscription', subscription],
  ])('a %s over WebSocket and over an event stream', async (_kind, text) => {
    const socket = await live.connect();
    socket.subscribe('1', text);
    expect(await socket.next('1')).toEqual({ type: 'error', id: '1', payload: [refusal] });
    const stream = await openEvents(`${live.gateway.url}/graphql`, scope, { body: { query: text } });
    expect(await eventsOf(stream, 2)).toEqual([{ event: 'next', data: { errors: [refusal] } }, { event: 'complete' }]);
  });
});

describe('MAX_SELECTIONS', () => {
  const start = (MAX_SELECTIONS: string) =>
    startTestGateway({ SUPERGRAPH: writeLibrarySupergraph(), MAX_SELECTIONS }, scope);
  const wide = (fields: number) => `{ ${Array.from({ length: fields }, (_, at) => `a${at}: __typename`).join(' ')} }`;

  it('lets the introspection query through', async () => {
    const { data, errors } = await live.gateway.query(getIntrospectionQuery());
    expect({ errors, root: data.__schema.queryType.name }).toEqual({ errors: undefined, root: 'Query' });
  });

  it('says how much', async () => {
    const gateway = await start('2');
    expect((await gateway.query(wide(2))).data).toEqual({ a0: 'Query', a1: 'Query' });
    expect((await gateway.query(wide(3))).errors?.[0]?.extensions).toEqual(refusal.extensions);
  });

  it('is no limit at 0', async () => {
    const gateway = await start('0');
    expect((await gateway.query(wide(3_000))).errors).toBeUndefined();
  });
});
