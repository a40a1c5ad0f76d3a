import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { createGuardedClient } from '../identity/guardedCall.ts';
import { signedRoute } from '../service/signedRoute.ts';
import { type Sample, startSample } from '../service/test/startSample.ts';
import { traceparent, withSpan, withTraceparent } from './trace.ts';

describe('a trace without any tracing set up', () => {
  const scope = testScope('each');

  /** tasks asks users, over HTTP, and both log. */
  async function startPair(): Promise<{ tasks: Sample; users: Sample; events: (string | undefined)[] }> {
    const events: (string | undefined)[] = [];
    const users = await startSample(scope, 'users', ({ app, keys, nonces, log }) =>
      signedRoute(app, '/internal/person', {
        keys,
        nonces,
        allow: ['tasks'],
        input: z.object({ id: z.string() }),
        async handle({ id }) {
          log.info('users was asked');
          return { id };
        },
      }),
    );
    const tasks = await startSample(scope, 'tasks', ({ app, keys, log }) => {
      const client = createGuardedClient({ url: users.url, caller: 'tasks', callee: 'users', keys });
      scope.defer('client', () => client.close());
      app.post('/work', async () => {
        log.info('tasks begins');
        const answer = await client.call('/internal/person', { id: 'u1' }, z.object({ id: z.string() }));
        log.info('tasks ends');
        events.push(traceparent());
        return answer;
      });
    });
    return { tasks, users, events };
  }

  const work = (url: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/work`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('crosses two servers: one id in both logs, and in what an event would carry', async () => {
    const { tasks, users, events } = await startPair();
    expect((await work(tasks.url)).status).toBe(200);
    await waitFor(() => [tasks, users].every(({ lines }) => lines.some((line) => line.msg === 'request')));
    const ids = [...tasks.lines, ...users.lines].map((line) => line.trace_id);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(1);
    expect(events[0]).toMatch(new RegExp(`^00-${ids[0]}-[0-9a-f]{16}-01$`));
  });

  it('continues the trace that the client has begun', async () => {
    const { tasks, users } = await startPair();
    const traceId = 'e'.repeat(32);
    await work(tasks.url, { traceparent: `00-${traceId}-${'f'.repeat(16)}-01` });
    expect(new Set([...tasks.lines, ...users.lines].map((line) => line.trace_id))).toEqual(new Set([traceId]));
  });

  it('does not mix up the traces of concurrent requests', async () => {
    const { tasks, users } = await startPair();
    await Promise.all(Array.from({ length: 25 }, () => work(tasks.url)));
    await waitFor(() => tasks.lines.filter((line) => line.msg === 'request').length === 25);
    const counts = new Map<unknown, number>();
    for (const { trace_id } of [...tasks.lines, ...users.lines]) counts.set(trace_id, (counts.get(trace_id) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array(25).fill(5));
  });

  it('goes on in what consumes the event, and starts anew without one', async () => {
    const { log, lines } = await startSample(scope, 'notifications');
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const inner = await withTraceparent(parent, 'consume', async () => {
      log.info('consumed');
      return withSpan('inner', {}, () => traceparent());
    });
    expect(inner).toContain('a'.repeat(32));
    const others = await Promise.all(
      [undefined, 'nonsense'].map((none) => withTraceparent(none, 'job', () => traceparent())),
    );
    expect(new Set(others).size).toBe(2);
    for (const other of others) expect(other).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(lines[0]).toMatchObject({ trace_id: 'a'.repeat(32) });
    expect(traceparent()).toBeUndefined();
  });

  it('throws on what fails inside', async () => {
    await expect(withSpan('fails', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(
      withTraceparent(undefined, 'fails', () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
  });
});
