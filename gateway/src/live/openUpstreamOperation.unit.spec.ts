import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { Upstream, UpstreamOperation } from './createUpstream.ts';
import { openUpstreamOperation } from './openUpstreamOperation.ts';
import type { UpstreamSink } from './openUpstreamSocket.ts';
import type { ResumableOperation } from './resumableOperation.ts';

const PATIENCE_MS = 5_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** An operation that can be resumed, over an upstream that does with each opening what the test says. */
function setUp(onOpen: (sink: UpstreamSink) => void) {
  const openedAt: number[] = [];
  const heard: string[] = [];
  const began = Date.now();
  const cancel = openUpstreamOperation(
    {
      operation: { variables: {} } as UpstreamOperation,
      resumable: { cursorOf: () => 'cursor', resume: () => ({}) } as unknown as ResumableOperation,
      upstream: {
        patienceMs: PATIENCE_MS,
        subscribe(_operation: UpstreamOperation, sink: UpstreamSink) {
          openedAt.push(Date.now() - began);
          onOpen(sink);
          return () => {};
        },
      } as unknown as Upstream,
    },
    { next: () => void heard.push('event'), end: ({ kind }) => void heard.push(kind) },
  );
  return { openedAt, heard, cancel };
}

it('an upstream that is lost after each event is not opened again as fast as it can be', async () => {
  const { openedAt, heard, cancel } = setUp((sink) => {
    sink.next({ data: {} });
    sink.end({ kind: 'lost', reason: 'gone' });
  });
  await jest.advanceTimersByTimeAsync(10_000);
  cancel();
  // The first time at once.
  expect(openedAt.slice(0, 4)).toEqual([0, 0, 100, 300]);
  expect(openedAt.length).toBeLessThan(16);
  expect(new Set(heard)).toEqual(new Set(['event']));
});

it('one that had been there for long is opened again at once, however often it was lost before', async () => {
  const lasts = [0, 0, PATIENCE_MS + 1];
  const { openedAt, cancel } = setUp((sink) => {
    sink.next({ data: {} });
    setTimeout(() => sink.end({ kind: 'lost', reason: 'gone' }), lasts.shift() ?? 60_000);
  });
  await jest.advanceTimersByTimeAsync(10_000);
  cancel();
  const waited = openedAt.map((at, which) => at - (openedAt[which - 1] ?? 0));
  // At once, after 100 ms, at once: a timer of 0 ms that is set in another one fires after 1 ms.
  expect(waited).toEqual([0, 1, 101, PATIENCE_MS + 2]);
});
