import { createOutbox } from '#platform/outbox/createOutbox.ts';
import { createScope } from '#platform/service/scope.ts';
import { connectBackbone, fact, type Transaction, thingChanged } from '../backbone.ts';
import { steadily } from '../steady.ts';

/** What the bench asks of the writer, and what it answers when that is done. */
export type WriterRequest = { perSecond: number; seconds: number };
export type WriterAnswer = { committed: number; failed: number; seconds: number };

/** A subgraph that commits: each commit writes an event and its outbox row, and publishes. Told over the process' channel. */
const { databaseUrl, natsUrl, stream } = JSON.parse(process.argv[2] ?? '{}');
const scope = createScope();
const backbone = connectBackbone({ databaseUrl, natsUrl, service: stream, scope });
const outbox = createOutbox<Transaction>({ ...backbone, publisher: stream, sweep: true });
const contract = thingChanged(stream);

process.on('message', async ({ perSecond, seconds }: WriterRequest) => {
  const begin = performance.now();
  const call = (index: number) => outbox.commit(async (_tx, record) => record(contract, fact(String(index))));
  const { calls, failed } = await steadily({ perSecond, seconds, call });
  const answer: WriterAnswer = { committed: calls - failed, failed, seconds: (performance.now() - begin) / 1000 };
  process.send?.(answer);
});
process.once('disconnect', () => void scope.close().finally(() => process.exit(0)));
process.send?.('ready');
