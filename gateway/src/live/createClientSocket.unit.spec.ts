import { expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { createClientSocket, MAX_UNANSWERED } from './createClientSocket.ts';

/** A client's socket over one that does nothing but note what it is told. */
function setUp() {
  const told: unknown[] = [];
  const pings: Buffer[] = [];
  const raw = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send(message: string, sent: () => void) {
      told.push(message);
      sent();
    },
    close(code: number) {
      raw.readyState = 2;
      told.push(code);
    },
    ping: (data: Buffer) => void pings.push(data),
    terminate: () => void told.push('terminated'),
  };
  const client = createClientSocket(raw as unknown as WebSocket, null, undefined, () => void told.push('slow'));
  return { raw, client, told, pings };
}

it('a client that leaves more than 8 MB lying gets no more: 1013, said once', () => {
  const { raw, client, told } = setUp();
  let sent = 0;
  const send = (message: string) =>
    client.send(message, () => {
      sent += 1;
    });
  raw.bufferedAmount = 8 * 1024 * 1024;
  send('one');
  raw.bufferedAmount += 1;
  for (const message of ['two', 'three']) send(message);
  client.tooSlow();
  expect([told, sent, client.closedWith]).toEqual([['one', 'slow', 1013], 3, 1013]);
});

it('so many operations may wait for their answers, and no more; each that is answered makes room', () => {
  const { client } = setUp();
  const first = {};
  expect(client.ask(first)).toBe(true);
  // Told apart by what they are: the id of one that the client has completed is free, its answer is still being made.
  for (let at = 1; at < MAX_UNANSWERED; at += 1) expect(client.ask({})).toBe(true);
  expect(client.ask({})).toBe(false);
  client.settle(first);
  expect([client.ask({}), client.ask({})]).toEqual([true, false]);
});

it('a socket stays that answers each ping, not one that sends pongs that answer none', () => {
  const { client, told, pings } = setUp();
  for (let at = 0; at < 3; at += 1) {
    client.beat();
    client.heard(pings[at] as Buffer);
  }
  expect(told).toEqual([]);
  client.beat();
  client.heard(Buffer.alloc(0));
  client.heard(Buffer.alloc(8));
  client.heard(pings[2] as Buffer);
  client.beat();
  expect(told).toEqual(['terminated']);
});
