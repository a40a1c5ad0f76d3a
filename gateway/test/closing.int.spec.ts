import { expect, it } from '@jest/globals';
import { waitFor } from '#platform/testing/waitFor.ts';
import { connectionOf, ignoreClose, sendFrame } from './support/sendFrame.ts';
import { testLive } from './support/testLive.ts';

const live = testLive({ SUBGRAPH_TIMEOUT_MS: '20000', REQUEST_TIMEOUT_MS: '20000' });

it('a client that goes on sending after the close of its socket is not listened to', async () => {
  const exp = Math.floor(Date.now() / 1000) + 2;
  const { raw } = await live.connect({ authorization: `Bearer ${live.issuer.token({ exp })}` });
  ignoreClose(raw);
  const connection = connectionOf(raw);
  const before = live.books.calls.length;
  let sent = 0;
  connection.on('data', (data: Buffer) => {
    if (!data.includes('Unauthorized: EXPIRED')) return;
    for (; sent < 20; sent += 1) {
      const payload = { query: 'mutation { addBook(title: "after expiry") { id } }' };
      sendFrame(raw, 1, JSON.stringify({ type: 'subscribe', id: `${sent}`, payload }));
    }
  });
  await waitFor(() => connection.destroyed);
  expect(sent).toBe(20);
  expect(live.books.calls.length).toBe(before);
});

it('a client that asks and never reads is closed once 8 MB wait for it, not when it is found to be dead', async () => {
  const socket = await live.connect();
  socket.raw.pause();
  const big = `{ crowd(size: 5000) { id name ${[...'abcdefgh'].map((alias) => `${alias}: name`).join(' ')} } }`;
  for (let at = 0; at < 30; at += 1) socket.subscribe(`${at}`, big);
  await waitFor(closedAsSlow, { timeoutMs: 20_000 });
}, 25_000);

async function closedAsSlow(): Promise<boolean> {
  const text = await (await fetch(`${live.gateway.url}/metrics`)).text();
  return text.includes('gateway_closes_total{transport="websocket",code="1013",service="gateway"} 1');
}

it('a client that answers pings stays; one that sends pongs, but reads no ping, is gone at the second', async () => {
  const [reads, deaf] = [await live.connect(), await live.connect()];
  let pings = 0;
  reads.raw.on('ping', () => {
    pings += 1;
  });
  deaf.raw.pause();
  const connection = connectionOf(deaf.raw);
  let gone = false;
  // It is paused: that the connection has ended shows in that nothing can be written to it.
  connection.on('error', () => {
    gone = true;
  });
  await waitFor(
    () => {
      if (!gone) sendFrame(deaf.raw, 10);
      return gone && pings >= 2;
    },
    { timeoutMs: 40_000 },
  );
  expect(reads.closed).toBeUndefined();
}, 45_000);
