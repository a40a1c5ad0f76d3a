import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { keepSignedIn, type Tokens } from '../src/keepSignedIn.ts';
import { loginUrl } from '../src/loginUrl.ts';

/** A server that rotates refresh tokens: r1, r2, r3 … */
const desk = { number: 1, seconds: 600, drop: 0, asked: [] as unknown[], ended: false, url: '' };

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text);
  desk.asked.push([request.url, body, request.headers['x-requested-with']]);
  if (desk.drop > 0) {
    desk.drop -= 1;
    return void request.socket.destroy();
  }
  if (request.url === '/auth/logout') {
    desk.ended = true;
    return void response.end('{}');
  }
  if (desk.ended) {
    response.writeHead(401);
    return void response.end(
      '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED","reason":"REVOKED"}}]}',
    );
  }
  if (request.url?.startsWith('/auth/link/')) return void response.end('{"url":"https://provider.example/"}');
  desk.number += 1;
  response.end(JSON.stringify(tokens(desk.number)));
});

const tokens = (number: number): Tokens & { refreshToken: string } => ({
  accessToken: `a${number}`,
  expiresAt: new Date(Date.now() + desk.seconds * 1_000).toISOString(),
  refreshToken: `r${number}`,
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  desk.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  Object.assign(desk, { number: 1, seconds: 600, drop: 0, asked: [], ended: false });
});

it('gives the access token while it is good, and then the next one, once for all who ask', async () => {
  const kept: Tokens[] = [];
  const first = tokens(1);
  const person = keepSignedIn({ url: desk.url, tokens: first, onTokens: (next) => void kept.push(next) });
  expect(await person.token()).toBe('a1');
  expect(desk.asked).toEqual([]);
  first.expiresAt = new Date(Date.now() + 20_000).toISOString();
  expect(await Promise.all([person.token(), person.token(), person.token()])).toEqual(['a2', 'a2', 'a2']);
  expect(desk.asked).toEqual([['/auth/refresh', { refreshToken: 'r1' }, 'taskgraph']]);
  expect(kept).toMatchObject([{ refreshToken: 'r2' }]);
  expect(await person.token()).toBe('a2');
});

it('asks again when an answer was lost, with the same token', async () => {
  desk.drop = 1;
  const person = keepSignedIn({ url: desk.url, tokens: { ...tokens(1), expiresAt: '2020-01-01T00:00:00Z' } });
  expect(await person.token()).toBe('a2');
  const asked = ['/auth/refresh', { refreshToken: 'r1' }, 'taskgraph'];
  expect(desk.asked).toEqual([asked, asked]);
  desk.drop = 2;
  const other = keepSignedIn({ url: desk.url });
  await expect(other.token()).rejects.toMatchObject({ code: 'NETWORK_ERROR' });
  expect(await other.token()).toBe('a3');
});

it('goes by the cookie without tokens, and ends the session', async () => {
  const person = keepSignedIn({ url: desk.url });
  expect(await person.token()).toBe('a2');
  expect(desk.asked).toEqual([['/auth/refresh', {}, 'taskgraph']]);
  await person.signOut();
  await expect(person.token()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('asks to link an identity, with the latest refresh token or the cookie', async () => {
  const signedIn = keepSignedIn({ url: desk.url, tokens: tokens(1) });
  expect(await signedIn.linkUrl('google', '/settings')).toBe('https://provider.example/');
  const browser = keepSignedIn({ url: desk.url });
  await browser.linkUrl('a/b');
  expect(desk.asked).toEqual([
    ['/auth/link/google', { returnTo: '/settings', refreshToken: 'r1' }, 'taskgraph'],
    ['/auth/link/a%2Fb', { returnTo: '/' }, 'taskgraph'],
  ]);
});

it('says where a login with a provider begins', () => {
  const url = 'https://api.example/graphql';
  expect(loginUrl({ url, provider: 'google' })).toBe('https://api.example/auth/login/google?returnTo=%2F');
  expect(loginUrl({ url, provider: 'a/b', returnTo: '/x?y=z' })).toBe(
    'https://api.example/auth/login/a%2Fb?returnTo=%2Fx%3Fy%3Dz',
  );
});
