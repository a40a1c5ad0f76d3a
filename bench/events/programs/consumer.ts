import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { createScope } from '#platform/service/scope.ts';
import { connectBackbone, type Transaction, thingChanged } from '../backbone.ts';

/** A subgraph that consumes: the effect of each event is a row, in the transaction of its inbox key. */
const { databaseUrl, natsUrl, stream } = JSON.parse(process.argv[2] ?? '{}');
const scope = createScope();
const backbone = connectBackbone({ databaseUrl, natsUrl, service: `${stream}-consumer`, scope });
const onThing = factConsumer({
  name: `${stream}-on-thing`,
  events: [thingChanged(stream)] as const,
  async handle(tx: Transaction, event, _deps: object) {
    await tx.$executeRaw`insert into effect (event_id, title) values (${event.id}::uuid, ${event.data.title})`;
  },
});
runConsumers({ ...backbone, consumers: [onThing], deps: {} });
process.once('disconnect', () => void scope.close().finally(() => process.exit(0)));
process.send?.('ready');
