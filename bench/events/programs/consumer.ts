import { statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { createScope } from '#platform/service/scope.ts';
import { connectBackbone, thingChanged, writingEffects } from '../backbone.ts';

/** A subgraph that consumes: the effect of each event is a row, in the transaction of its inbox key. */
const { databaseUrl, natsUrl, stream } = JSON.parse(process.argv[2] ?? '{}');
const scope = createScope();
const backbone = connectBackbone({ databaseUrl, natsUrl, service: `${stream}-consumer`, scope });
const onThing = statementConsumer({
  name: `${stream}-on-thing`,
  events: [thingChanged(stream)] as const,
  effect: writingEffects,
});
runConsumers({ ...backbone, consumers: [onThing], deps: {} });
process.once('disconnect', () => void scope.close().finally(() => process.exit(0)));
process.send?.('ready');
