import { connect } from 'node:net';
import { percentile, round } from '../../statistics.ts';
import { readResponses, requestOf } from '../readResponses.ts';

/** What is asked for, again and again: each connection sends the next body as soon as it has its answer. */
export type LoadRequest = {
  url: string;
  bodies: string[];
  headers?: Record<string, string>;
  connections: number;
  requests: number;
};

/** `different`: answers that are not the first one to the same body, byte by byte, or no 200. Times in milliseconds. */
export type LoadAnswer = { requests: number; different: number; seconds: number; p50: number; p99: number };

process.on('message', async (request: LoadRequest) => process.send?.(await run(request)));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function run({ url: text, bodies, headers, connections, requests }: LoadRequest): Promise<LoadAnswer> {
  const url = new URL(text);
  const messages = bodies.map((body) => requestOf(url, body, headers));
  const times: number[] = [];
  const begin = performance.now();
  let [next, different] = [0, 0];
  const firsts: Buffer[] = [];

  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      let [at, which] = [0, 0];
      const send = () => {
        at = performance.now();
        if (next >= requests) {
          socket.off('close', lost).end();
          return resolve();
        }
        which = next++ % messages.length;
        socket.write(messages[which] as Buffer);
      };
      const lost = () => reject(new Error(`${text} has closed the connection`));
      const read = readResponses((status, body) => {
        times.push(performance.now() - at);
        const first = firsts[which];
        if (!first) firsts[which] = Buffer.from(body);
        if (status !== 200 || (first && !body.equals(first))) different += 1;
        send();
      });
      socket.setNoDelay(true).on('connect', send).on('data', read).on('error', reject).on('close', lost);
    });
  await Promise.all(Array.from({ length: connections }, one));
  return {
    requests: times.length,
    different,
    seconds: (performance.now() - begin) / 1000,
    p50: round(percentile(times, 0.5)),
    p99: round(percentile(times, 0.99)),
  };
}
