import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { Refusal } from '../errors.ts';
import { createScope } from './scope.ts';
import { startSample } from './test/startSample.ts';

const json = { 'content-type': 'application/json' };

describe('createHttpServer', () => {
  const scope = testScope('each');

  it('answers the probes and the metrics, and says nothing of itself in headers', async () => {
    const { url, health } = await startSample(scope, 'tasks');
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'ok' });
    health.degrade('nats', () => false);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'degraded', failing: [], degraded: ['nats'] }]);
    health.require('postgres', () => false);
    const unready = await fetch(`${url}/readyz`);
    expect([unready.status, await unready.json()]).toMatchObject([503, { status: 'unready', failing: ['postgres'] }]);
    expect(ready.headers.get('x-powered-by')).toBeNull();
    expect(ready.headers.get('server')).toBeNull();
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(
      'http_request_duration_seconds_count{service="tasks",method="GET",route="/readyz",status="503"} 1',
    );
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
  });

  it('answers bad requests in the shape of a GraphQL error', async () => {
    const { url, lines } = await startSample(scope, 'tasks', ({ app }) => {
      app.post('/echo', async (request) => request.body);
      app.post('/refuse', async () => {
        throw new Refusal('TOO_BUSY', 'Later', { retryAfter: 2.2 });
      });
      app.post('/fail', async () => {
        throw new Error('password=hunter2');
      });
    });
    const post = async (path: string, body: string, headers: Record<string, string> = json) => {
      const response = await fetch(`${url}${path}`, { method: 'POST', body, headers });
      const answer = (await response.json()) as { errors: { extensions: Record<string, unknown> }[] };
      return { response, status: response.status, extensions: answer.errors[0]?.extensions };
    };
    expect(await post('/echo', '{"a')).toMatchObject({ status: 400, extensions: { code: 'BAD_REQUEST' } });
    expect(await post('/echo', '')).toMatchObject({ status: 400, extensions: { code: 'BAD_REQUEST' } });
    expect(await post('/echo', 'a=1', { 'content-type': 'text/xml' })).toMatchObject({
      status: 400,
      extensions: { code: 'BAD_REQUEST' },
    });
    expect(await post('/echo', `"${'x'.repeat(262_144)}"`)).toMatchObject({
      status: 413,
      extensions: { code: 'PAYLOAD_TOO_LARGE' },
    });
    expect(await post('/nowhere', '{}')).toMatchObject({ status: 404, extensions: { code: 'NOT_FOUND' } });
    const busy = await post('/refuse', '{}');
    expect(busy).toMatchObject({ status: 429, extensions: { code: 'TOO_BUSY', retryAfter: 2.2 } });
    expect(busy.response.headers.get('retry-after')).toBe('3');

    const failed = await post('/fail', '{}');
    expect(failed).toMatchObject({ status: 500, extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    const logged = lines.filter((line) => line.level === 'error');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ incident: failed.extensions?.incident, route: '/fail' });
    expect(logged[0]?.trace_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('refuses a body that is announced as too large before it has arrived', async () => {
    const { url } = await startSample(scope, 'tasks', ({ app }) => app.post('/echo', async () => 'read'), {
      bodyLimit: 100,
    });
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${url}/echo`, { method: 'POST', headers: { ...json, 'content-length': '2000000' } });
      request.on('response', (response) => resolve(response.statusCode));
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('has one trace for all that a request does, body or not, and for what it logs', async () => {
    let begun = false;
    const { url, lines } = await startSample(scope, 'tasks', ({ app, log }) => {
      app.addHook('onRequest', async () => {
        begun = true;
      });
      app.addHook('preHandler', async () => log.info('in a hook'));
      app.post('/work', async () => {
        await new Promise(setImmediate);
        log.info('in the handler');
        return 'done';
      });
    });
    const traceId = 'c'.repeat(32);
    // A body that comes in two pieces is read in the context of the socket: what used to lose the trace.
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST /work?token=s3cret HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 8\r\ntraceparent: 00-${traceId}-${'d'.repeat(16)}-01\r\n\r\n{"a"`,
    );
    await waitFor(() => begun);
    socket.write(': 1}');
    await waitFor(() => lines.find((line) => line.msg === 'request'));
    socket.destroy();
    expect(lines.map((line) => [line.msg, line.trace_id])).toEqual([
      ['in a hook', traceId],
      ['in the handler', traceId],
      ['request', traceId],
    ]);
    expect(lines.at(-1)).toMatchObject({ method: 'POST', path: '/work', status: 200 });
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('gives every request a trace of its own when none is handed in', async () => {
    const { url, lines } = await startSample(scope, 'tasks', ({ app, log }) => {
      app.get('/work', async () => log.info('working'));
    });
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/work`)));
    await fetch(`${url}/work`, { headers: { traceparent: 'nonsense' } });
    const ids = lines.filter((line) => line.msg === 'working').map((line) => line.trace_id);
    expect(new Set(ids).size).toBe(21);
    expect(ids).not.toContain(undefined);
  });

  it('finishes the requests under way when it stops, and takes no new ones', async () => {
    const own = createScope();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { url, lines } = await startSample(own, 'tasks', ({ app, log }) => {
      app.get('/slow', async () => {
        log.info('slow has begun');
        await held;
        return 'finished';
      });
    });
    const slow = fetch(`${url}/slow`);
    await waitFor(() => lines.some((line) => line.msg === 'slow has begun'));
    const closed = own.close();
    await waitFor(() =>
      fetch(`${url}/livez`).then(
        () => false,
        () => true,
      ),
    );
    release();
    expect(await (await slow).text()).toBe('finished');
    await closed;
  });

  it('does not wait for a connection on which nothing was ever asked', async () => {
    const own = createScope();
    const { url } = await startSample(own, 'tasks', () => {});
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let gone = false;
    socket.once('close', () => {
      gone = true;
    });
    // Answered on another connection later, so this one has been accepted.
    await once(socket, 'connect');
    await fetch(`${url}/livez`);
    const began = performance.now();
    await own.close();
    await waitFor(() => gone);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
