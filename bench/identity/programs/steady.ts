import { connect } from 'node:net';
import { readResponses, requestOf } from '../../gateway/readResponses.ts';
import { type Latency, latencyOf } from '../../statistics.ts';

/** The same request at a steady rate, however long the answers take (an open loop). */
export type SteadyRequest = {
  url: string;
  body: string;
  headers: Record<string, string>;
  perSecond: number;
  seconds: number;
};

/** From the moment at which each request was due. `failed`: no 200, or an answer with errors. */
export type SteadyAnswer = Latency & { failed: number };

process.on('message', async (request: SteadyRequest) => process.send?.(await run(request)));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

type Connection = { send(due: number): void; close(): void };

async function run({ url: text, body, headers, perSecond, seconds }: SteadyRequest): Promise<SteadyAnswer> {
  const url = new URL(text);
  const message = requestOf(url, body, headers);
  const times: number[] = [];
  let failed = 0;
  const idle: Connection[] = [];
  const all: Connection[] = [];

  const open = (): Connection => {
    const socket = connect(Number(url.port), url.hostname).setNoDelay(true);
    let due = 0;
    const own: Connection = {
      send(at) {
        due = at;
        socket.write(message);
      },
      close: () => socket.destroy(),
    };
    socket.on(
      'data',
      readResponses((status, answer) => {
        times.push(performance.now() - due);
        if (status !== 200 || answer.includes('"errors"')) failed += 1;
        idle.push(own);
      }),
    );
    socket.on('error', () => {
      failed += 1;
    });
    all.push(own);
    return own;
  };

  const begin = performance.now();
  const count = Math.round(perSecond * seconds);
  for (let index = 0; index < count; ) {
    const due = begin + (index * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    // A timer is late by up to a millisecond, and that is this program's doing: it counts from when the request leaves.
    (idle.pop() ?? open()).send(Math.max(due, performance.now() - 1));
    index += 1;
  }
  const patience = performance.now() + 10_000;
  while (times.length + failed < count && performance.now() < patience) await new Promise((r) => setTimeout(r, 10));
  for (const one of all) one.close();
  return { ...latencyOf(times), failed: failed + Math.max(0, count - times.length - failed) };
}
