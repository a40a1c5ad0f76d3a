import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, jest } from '@jest/globals';
import { testDatabase, testScope, waitFor } from '#platform/testing/index.ts';
import type { Line } from '../service/test/startSample.ts';
import { type ReceivedSpan, receiveSpans } from './test/receiveSpans.ts';

// Each test starts processes, on a machine that may be busy with others.
jest.setTimeout(30_000);

const script = join(import.meta.dirname, 'test/tracedService.ts');

describe('startTelemetry with an endpoint', () => {
  const scope = testScope('each');

  async function start(...args: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LOG_LEVEL: 'debug' },
    });
    scope.defer('child', () => child.kill('SIGKILL'));
    const lines: Line[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    const exited = once(child, 'exit');
    const { url } = (await waitFor(() => lines.find((line) => line.msg === 'listening'))) as { url?: unknown };
    const stop = async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    };
    return { url: String(url), lines, stop };
  }

  async function startPair(endpoint: string) {
    const database = await testDatabase('users');
    scope.defer('database', () => database.drop());
    const users = await start('users', endpoint, database.url);
    const tasks = await start('tasks', endpoint, users.url);
    const work = () =>
      fetch(`${tasks.url}/work`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    return { users, tasks, work };
  }

  it('exports one trace from the first service over the second down to Postgres, under the id of the logs', async () => {
    const { url, spans, paths } = await receiveSpans(scope);
    const { users, tasks, work } = await startPair(url);
    expect(await (await work()).json()).toEqual({ users: 0 });
    // A stop sends what is left.
    expect([await tasks.stop(), await users.stop()]).toEqual([0, 0]);

    expect([...paths]).toEqual(['POST /v1/traces application/x-protobuf']);
    const entry = spans.find((span) => span.name === 'POST /work') as ReceivedSpan;
    expect(entry).toMatchObject({ service: 'tasks', parentId: '' });
    const trace = spans.filter((span) => span.traceId === entry.traceId);
    const lineage = (from: ReceivedSpan | undefined): string[] =>
      from ? [...lineage(trace.find((span) => span.spanId === from.parentId)), `${from.service} ${from.name}`] : [];
    const query = trace.find((span) => span.name === 'prisma:client:db_query');
    expect(lineage(query)).toEqual([
      'tasks POST /work',
      'tasks call users/internal/count',
      'users POST /internal/count',
      'users prisma:client:operation',
      'users prisma:client:db_query',
    ]);
    for (const { lines } of [tasks, users]) {
      expect(lines.find((line) => line.msg === 'request')?.trace_id).toBe(entry.traceId);
    }
  });

  it('costs nothing but the spans when the collector is away', async () => {
    const { tasks, users, work } = await startPair('http://127.0.0.1:9');
    expect((await work()).status).toBe(200);
    const told = (line: Line) => line.level === 'warn' && line.msg?.startsWith('telemetry');
    await waitFor(() => tasks.lines.some(told) && users.lines.some(told));
    const stopping = performance.now();
    expect([await tasks.stop(), await users.stop()]).toEqual([0, 0]);
    expect(performance.now() - stopping).toBeLessThan(10_000);
  });
});
