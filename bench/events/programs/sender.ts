import { createScope } from '#platform/service/scope.ts';
import { newKey, senders, type WayName } from '../alternatives.ts';
import { clock } from '../clock.ts';
import { steadily } from '../steady.ts';

/** What the bench asks of a sender, and what it answers: when each event's way began, by its key. */
export type SenderRequest = { perSecond: number; seconds: number };
export type SenderAnswer = { begun: [key: string, at: number][]; failed: number };

/** A process that publishes: the first half of a way. */
const input = JSON.parse(process.argv[2] ?? '{}');
const scope = createScope();
const send = await senders[input.way as WayName](input, scope);

process.on('message', async ({ perSecond, seconds }: SenderRequest) => {
  const begun: SenderAnswer['begun'] = [];
  const call = () => {
    const key = newKey();
    return send(key, () => begun.push([key, clock()]));
  };
  const { failed } = await steadily({ perSecond, seconds, call });
  process.send?.({ begun, failed } satisfies SenderAnswer);
});
process.once('disconnect', () => void scope.close().finally(() => process.exit(0)));
process.send?.('ready');
