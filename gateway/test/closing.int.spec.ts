import { expect, it } from '@jest/globals';
import { waitFor } from '#platform/testing/waitFor.ts';
import { connectionOf, ignoreClose, sendFrame } from './support/sendFrame.ts';
import { testLive } from './support/testLive.ts';

const live = testLive();

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
