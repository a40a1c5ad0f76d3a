import { expect, it } from '@jest/globals';
import type { GraphQLError } from 'graphql';
import { openStream, type StreamOptions } from './openStream.ts';
import type { UpstreamSink } from './openUpstreamSocket.ts';

it('tells of an upstream that has failed what is told of a fetch: the first errors, and whose they are', () => {
  let sink: UpstreamSink | undefined;
  const formatted: unknown[] = [];
  const ends: unknown[] = [];
  const stream = openStream({
    prepared: {},
    primary: { serviceName: 'books', operation: 'subscription { a }' },
    variables: {},
    caller: {},
    upstream: {
      patienceMs: 1,
      subscribe(_operation: unknown, given: UpstreamSink) {
        sink = given;
        return () => {};
      },
    },
    format(error: GraphQLError) {
      formatted.push(error.extensions);
      return error.toJSON();
    },
    onDone() {},
  } as unknown as StreamOptions);
  stream.join({ next() {}, unsent: 0, end: (end) => void ends.push(end) });
  const error = { message: 'no', extensions: { code: 'FORBIDDEN' } };
  sink?.end({ kind: 'errors', errors: Array.from({ length: 130_000 }, () => error) });
  expect(formatted).toEqual(Array.from({ length: 20 }, () => ({ code: 'FORBIDDEN', serviceName: 'books' })));
  expect(ends).toEqual([expect.objectContaining({ kind: 'errors', errors: expect.any(Array) })]);
});

it.each(['complete', 'lost'] as const)('nobody joins once the end has come: %s', async (kind) => {
  let sink: UpstreamSink | undefined;
  let answer = () => {};
  const heard: string[] = [];
  const stream = openStream({
    prepared: {
      executeEvent: () =>
        new Promise((resolve) => {
          answer = () => resolve({ text: 'event' });
        }),
    },
    primary: { serviceName: 'books', operation: 'subscription { a }' },
    resumable: undefined,
    variables: {},
    caller: {},
    upstream: {
      patienceMs: 1,
      subscribe(_operation: unknown, given: UpstreamSink) {
        sink = given;
        return () => {};
      },
    },
    onDone() {},
  } as unknown as StreamOptions);
  stream.join({ next: (text) => heard.push(text), unsent: 0, end: (end) => void heard.push(end.kind) });
  sink?.next({ data: { a: 1 } });
  expect(stream.joinable).toBe(true);
  sink?.end(kind === 'lost' ? { kind, reason: 'gone' } : { kind });
  // The answer of the event is still being made: the stream goes on for those who listen already.
  expect([stream.joinable, heard]).toEqual([false, []]);
  answer();
  await new Promise(setImmediate);
  expect(heard).toEqual(['event', kind]);
});
