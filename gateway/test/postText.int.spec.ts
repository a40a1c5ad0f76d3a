import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { expect, it } from '@jest/globals';
import { Pool } from 'undici';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { postText } from '../src/transport/postText.ts';
import { startRawServer } from './support/startRawServer.ts';

const scope = testScope();
const end = { read: (status: number, text: string) => ({ status, text }), failed: (error: Error) => error };
const post = { path: '/', headers: { 'content-type': 'text/plain' }, body: 'hello', timeoutMs: 5_000 };

async function poolTo(listener: RequestListener, options: Pool.Options = {}): Promise<Pool> {
  const pool = new Pool(new URL(await startRawServer(listener, scope)).origin, options);
  scope.defer('pool', () => pool.destroy());
  return pool;
}

it('puts an answer together that comes in pieces, within a letter too', async () => {
  const text = JSON.stringify({ name: 'Žižek – 字' });
  const pool = await poolTo(async (_request, response) => {
    response.writeHead(201);
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  });
  expect(await postText(pool, post, end)).toEqual({ status: 201, text });
});

it('answers nothing with nothing', async () => {
  const pool = await poolTo((_request, response) => void response.writeHead(204).end());
  expect(await postText(pool, post, end)).toEqual({ status: 204, text: '' });
});

it('gives up in the middle of an answer, and closes that connection', async () => {
  let closed = false;
  const pool = await poolTo((request, response) => {
    request.socket.once('close', () => {
      closed = true;
    });
    response.writeHead(200).write('a');
  });
  await expect(postText(pool, { ...post, timeoutMs: 100 }, end)).rejects.toThrow('no answer within 100 ms');
  await waitFor(() => closed);
});

it('never sends what has waited too long for a connection', async () => {
  const sent: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const pool = await poolTo(
    async (request, response) => {
      const [chunk] = await once(request, 'data');
      sent.push(String(chunk));
      await held;
      response.end(String(chunk));
    },
    { connections: 1 },
  );
  const first = postText(pool, { ...post, body: 'first' }, end);
  await expect(postText(pool, { ...post, body: 'second', timeoutMs: 100 }, end)).rejects.toThrow('no answer within');
  release();
  expect((await first).text).toBe('first');
  expect((await postText(pool, { ...post, body: 'third' }, end)).text).toBe('third');
  expect(sent).toEqual(['first', 'third']);
});

it('refuses an answer that is too large, and one that breaks off', async () => {
  const large = await poolTo((_request, response) => void response.end('x'.repeat(2_000)), { maxResponseSize: 1_000 });
  await expect(postText(large, post, end)).rejects.toThrow();
  const broken = await poolTo((_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => response.destroy());
  });
  await expect(postText(broken, post, end)).rejects.toThrow();
});

it('fails with the pool', async () => {
  const pool = await poolTo(() => void pool.destroy());
  await expect(postText(pool, post, end)).rejects.toThrow();
  await expect(postText(pool, post, end)).rejects.toThrow();
});
