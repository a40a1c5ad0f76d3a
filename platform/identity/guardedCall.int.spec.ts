import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { refuse } from '../errors.ts';
import { signedRoute } from '../service/signedRoute.ts';
import { startSample } from '../service/test/startSample.ts';
import { parseCallKeys } from './callKeys.ts';
import { createGuardedClient } from './guardedCall.ts';
import { signCall } from './signCall.ts';

const keys = parseCallKeys(undefined, false);
const person = z.object({ id: z.string(), name: z.string() });

describe('a guarded call', () => {
  const scope = testScope('each');

  const clientOf = (url: string, change: { caller?: string; timeoutMs?: number } = {}) => {
    const client = createGuardedClient({ url, caller: 'tasks', callee: 'users', keys, ...change });
    scope.defer('client', () => client.close());
    return client;
  };

  const startUsers = () =>
    startSample(scope, 'users', ({ app, keys: own, nonces, log }) =>
      signedRoute(app, '/internal/person', {
        keys: own,
        nonces,
        allow: ['tasks'],
        input: z.strictObject({ id: z.string().max(10) }),
        async handle({ id }, call) {
          log.info({ caller: call.caller }, 'asked');
          if (id === 'nobody') refuse('NOT_FOUND', 'Nobody has this id');
          if (id === 'busy') refuse('TOO_BUSY', 'Later', { retryAfter: 2 });
          if (id === 'broken') throw new Error('the password is hunter2');
          return id === 'void' ? undefined : { id, name: 'Ada', secret: 1 };
        },
      }),
    );

  /** A server that is not ours: it counts and does what it is told. */
  async function startPeer(answer: RequestListener) {
    const peer = { url: '', calls: 0 };
    const server = createServer((request, response) => {
      peer.calls++;
      answer(request, response);
    });
    scope.defer('peer', () => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return peer;
  }

  const codeOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'answered',
      (error: { extensions?: { code?: unknown } }) => error.extensions?.code ?? error,
    );

  it('returns what the schema takes of the answer', async () => {
    const { url } = await startUsers();
    expect(await clientOf(url).call('/internal/person', { id: 'u1' }, person)).toEqual({ id: 'u1', name: 'Ada' });
    expect(await clientOf(url).call('/internal/person', { id: 'void' }, z.null())).toBeNull();
  });

  it('passes refusals on with their fields, and does not repeat the question', async () => {
    const { url, lines } = await startUsers();
    const client = clientOf(url);
    await expect(client.call('/internal/person', { id: 'nobody' }, person)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(client.call('/internal/person', { id: 'busy' }, person)).rejects.toMatchObject({
      code: 'TOO_BUSY',
      extensions: { retryAfter: 2 },
    });
    await expect(client.call('/internal/person', { id: 'far too long' }, person)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: ['input', 'id'] }] },
    });
    expect(lines.filter((line) => line.msg === 'asked')).toHaveLength(2);
    // However often: a refusal is an answer, it does not open the circuit.
    for (let count = 0; count < 10; count++) await codeOf(client.call('/internal/person', { id: 'nobody' }, person));
    expect(await codeOf(client.call('/internal/person', { id: 'u1' }, person))).toBe('answered');
  });

  it('is taken from the named callers only', async () => {
    const { url } = await startUsers();
    // That this caller is not allowed is a fault of ours, so it is told what it would be told if nobody answered.
    expect(await codeOf(clientOf(url, { caller: 'comments' }).call('/internal/person', { id: 'u1' }, person))).toBe(
      'SERVICE_UNAVAILABLE',
    );
    const body = '{"id":"u1"}';
    const to = { keys, caller: 'tasks', callee: 'users', path: '/internal/person', viewer: null, clientAddress: null };
    const call = { ...to, body, mutation: false };
    const ask = async (signed: Record<string, string>) => {
      const headers = { 'content-type': 'application/json', ...signed };
      const response = await fetch(`${url}/internal/person`, { method: 'POST', body, headers });
      const { errors } = (await response.json()) as { errors?: { extensions: { code: string; reason: string } }[] };
      return [response.status, errors?.[0]?.extensions.code, errors?.[0]?.extensions.reason];
    };
    expect(await ask({})).toEqual([401, 'CALL_REFUSED', 'UNSIGNED']);
    expect(await ask(signCall({ ...call, callee: 'comments' }))).toEqual([401, 'CALL_REFUSED', 'WRONG_CALLEE']);
    expect(await ask(signCall({ ...call, caller: 'comments' }))).toEqual([401, 'CALL_REFUSED', 'CALLER_NOT_ALLOWED']);
    expect(await ask(signCall({ ...call, path: '/internal/task' }))).toEqual([401, 'CALL_REFUSED', 'BAD_SIGNATURE']);
    expect(await ask(signCall(call))).toEqual([200, undefined, undefined]);
  });

  it('turns a failure of the other side into SERVICE_UNAVAILABLE, after one retry', async () => {
    const { url, lines } = await startUsers();
    expect(await codeOf(clientOf(url).call('/internal/person', { id: 'broken' }, person))).toBe('SERVICE_UNAVAILABLE');
    expect(lines.filter((line) => line.msg === 'asked')).toHaveLength(2);
  });

  it('succeeds at the retry', async () => {
    const peer = await startPeer((request, response) => {
      if (peer.calls === 1) request.socket.destroy();
      else response.end('{"id":"u1","name":"Ada"}');
    });
    expect(await clientOf(peer.url).call('/internal/person', {}, person)).toEqual({ id: 'u1', name: 'Ada' });
    expect(peer.calls).toBe(2);
  });

  it.each([
    ['that never answers', () => {}],
    ['that answers with something else', (_request, response) => void response.end('<html>')],
    ['that is a proxy without a backend', (_request, response) => void response.writeHead(502).end('Bad gateway')],
    ['with other keys', (_request, response) => void response.writeHead(401).end(refusedCall)],
  ] satisfies [string, RequestListener][])('does not wait for a service %s', async (_name, answer) => {
    const peer = await startPeer(answer);
    const start = performance.now();
    expect(await codeOf(clientOf(peer.url, { timeoutMs: 100 }).call('/x', {}, person))).toBe('SERVICE_UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(1500);
    expect(peer.calls).toBe(2);
  });

  it('stops asking after five failures in a row, tries again after longer and longer pauses, and then goes on', async () => {
    let healthy = false;
    const asked: number[] = [];
    const peer = await startPeer((_request, response) => {
      asked.push(performance.now());
      response.writeHead(healthy ? 200 : 503).end('{"id":"u1","name":"Ada"}');
    });
    const client = clientOf(peer.url);
    const ask = () => codeOf(client.call('/x', {}, person));
    for (let count = 0; count < 6; count++) await ask();
    expect(peer.calls).toBe(5);
    const start = performance.now();
    expect(await ask()).toBe('SERVICE_UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(50);
    expect(peer.calls).toBe(5);

    // Somebody asks all the time; the peer hears of it four times in its absence of nearly 4 s.
    const isAskedAgain = (times: number) => async () => {
      await ask();
      return peer.calls >= 5 + times;
    };
    await waitFor(isAskedAgain(4), { everyMs: 10 });
    const pauses = asked.slice(5).map((at, index) => at - (asked[index + 4] as number));
    for (const [index, least] of [250, 500, 1_000, 2_000].entries()) {
      expect(pauses[index]).toBeGreaterThan(least - 20);
      expect(pauses[index]).toBeLessThan(least + 2_000);
    }

    healthy = true;
    await waitFor(() => client.call('/x', {}, person), { everyMs: 10 });
    // The next absence is a new one.
    healthy = false;
    for (let count = 0; count < 6; count++) await ask();
    const back = performance.now();
    healthy = true;
    await waitFor(() => client.call('/x', {}, person), { everyMs: 10 });
    expect(performance.now() - back).toBeLessThan(2_000);
  }, 30_000);

  it('says so when the answer does not have the agreed shape', async () => {
    const { url } = await startUsers();
    const error = await codeOf(clientOf(url).call('/internal/person', { id: 'u1' }, z.object({ email: z.string() })));
    expect(error).toBeInstanceOf(z.ZodError);
  });
});

const refusedCall = '{"errors":[{"message":"no","extensions":{"code":"CALL_REFUSED","reason":"BAD_SIGNATURE"}}]}';
