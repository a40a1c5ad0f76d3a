import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';

// biome-ignore lint/suspicious/noExplicitAny: the figures as they are printed
let figures: any;
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'bench/main.ts', 'events', '--smoke'],
    { cwd: root, maxBuffer: 10_000_000 },
  );
  figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}, 240_000);

/** The bounds of a part, by the figure. */
const boundsOf = ({ bounds }: { bounds: Record<string, { bound: string }> }) =>
  Object.fromEntries(Object.entries(bounds).map(([name, { bound }]) => [name, bound]));

// Times are for the bench to print: here only what was counted.
describe('npm run bench -- events', () => {
  it('prints its figures as one JSON object in the last line', () => {
    expect(figures).toMatchObject({ bench: 'events', size: 'smoke' });
  });

  it('has each bounded figure with its bound', () => {
    expect(boundsOf(figures.relay[0])).toEqual({
      'ours to bare, p50': 'at most 2',
      'ours to bare, p99': 'at most 3',
      'poller to ours, p50': 'at least 10',
    });
    expect(boundsOf(figures.socket)).toEqual({ 'all of it, p50 ms': 'below 5', 'all of it, p99 ms': 'below 50' });
    expect(boundsOf(figures.sustained)).toEqual({ 'lag, events': 'below 20' });
    expect(boundsOf(figures.drain)).toEqual({ 'drained, events/s': 'at least 5000' });
    const values = [figures.relay[0], figures.socket, figures.sustained, figures.drain].flatMap(({ bounds }) =>
      Object.values<{ value: unknown }>(bounds).map(({ value }) => typeof value),
    );
    expect(new Set(values)).toEqual(new Set(['number']));
  });

  it('takes every event from its commit to its handler, by all ways', () => {
    expect(figures.relay).toEqual([expect.objectContaining({ perSecond: 20, rounds: 1, events: 60, lost: 0 })]);
    expect(Object.keys(figures.relay[0].ways).sort()).toEqual(['bare', 'ours', 'polled']);
  });

  it('takes every event to its socket, past every stage', () => {
    expect(figures.socket).toMatchObject({ sent: 20, received: 20, total: { count: 20 } });
    for (const stage of ['relay', 'consumer', 'database', 'Redis', 'socket']) {
      expect([stage, figures.socket.stages[stage].count]).toEqual([stage, 20]);
    }
  });

  it('handles each committed event once, and drains a backlog into the stream without a second copy', () => {
    expect(figures.sustained.handled).toBeGreaterThanOrEqual(figures.sustained.committed);
    expect(figures.drain).toMatchObject({ events: 1_200, inStream: 1_200 });
  });

  it('writes an event for each task with the outbox, and none without', () => {
    // 200 each to warm up, 16 each to measure.
    expect(figures.outboxCost).toMatchObject({ tasks: 432, events: 216 });
  });
});
