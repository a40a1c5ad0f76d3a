import { factConsumer, stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Prisma } from '#prisma/tasks/client/client.ts';
import { type ProgramInput, readInput, startBackbone, thingChanged } from './startBackbone.ts';

/** How it handles events: a row in `effect` for each fact, and a projection by version. */
export type ConsumerInput = ProgramInput & {
  /** How long an effect takes in the database, inside its transaction. */
  effectMs?: number;
};

/** The name of an event that nobody can handle until `cured` has it. */
const poison = 'poison';

const input = readInput<ConsumerInput>();
const backbone = startBackbone(input);
const { stream, effectMs = 0 } = input;
const events = [thingChanged(stream)] as const;
type Tx = Prisma.TransactionClient;

const onFact = factConsumer<Tx, object, typeof events>({
  name: `${stream}-fact`,
  events,
  async handle(tx, { id, aggregateId, version, time, data: { name } }) {
    if (name === poison && (await tx.$queryRaw<unknown[]>`select from cured where name = ${name}`).length === 0) {
      throw new Error('This thing is poisoned');
    }
    await tx.$executeRaw`
      insert into effect (consumer, event_id, aggregate_id, version, name, event_time)
      values ('fact', ${id}::uuid, ${aggregateId}::uuid, ${version}, ${name}, ${time})`;
    if (effectMs > 0) await tx.$executeRaw`select pg_sleep(${effectMs / 1000}::float8)`;
  },
});

const onState = stateConsumer({
  name: `${stream}-state`,
  events,
  projection: defineProjection<{ aggregateId: string; version: number }>({
    table: 'projection',
    columns: { aggregateId: 'aggregate_id' },
    key: ['aggregateId'],
  }),
  row: ({ aggregateId }) => ({ aggregateId }),
});

runConsumers({ ...backbone, consumers: [onFact, onState], deps: {} });
