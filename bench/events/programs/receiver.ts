import { createScope } from '#platform/service/scope.ts';
import { receivers, type WayName } from '../alternatives.ts';
import { clock } from '../clock.ts';

/** What a receiver answers to anything: how far it has come with which event since it was asked before, and when. */
export type ReceiverAnswer = { arrived: [key: string, stage: 'begun' | 'written', at: number][] };

/** A process that consumes: the second half of a way. */
const input = JSON.parse(process.argv[2] ?? '{}');
const scope = createScope();
let arrived: ReceiverAnswer['arrived'] = [];
await receivers[input.way as WayName](input, scope, (key, stage) => arrived.push([key, stage, clock()]));

process.on('message', () => {
  const answer: ReceiverAnswer = { arrived };
  arrived = [];
  process.send?.(answer);
});
process.once('disconnect', () => void scope.close().finally(() => process.exit(0)));
process.send?.('ready');
