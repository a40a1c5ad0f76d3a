import { factConsumer, stateConsumer, statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Prisma } from '#prisma/tasks/client/client.ts';
import { type ProgramInput, readInput, startBackbone, thingChanged } from './startBackbone.ts';

/** How it handles events: a row in `effect` for each fact, another in `stated` by a statement, and a projection by version. */
export type ConsumerInput = ProgramInput & {
  /** How long an effect (a statement, whatever the number of its events) takes in the database, inside its transaction. */
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

/** As the consumers of the subgraphs that have the most events. The poison fails in the database, and its batch with it. */
const onStatement = statementConsumer({
  name: `${stream}-statement`,
  events,
  effect: (told) => ({
    name: 'state-effects',
    text: `
      insert into stated (event_id, name, event_time)
      select told.id, told.name, told.time
      from jsonb_to_recordset($1::jsonb) as told (id uuid, name text, time timestamptz)
      where case
        when told.name = $2 and not exists (select from cured where cured.name = told.name)
        then ('This thing is poisoned: ' || told.name)::int is not null
        else (select count(pg_sleep($3::float8))) = 1
      end
      returning event_id as "eventId"`,
    values: [
      JSON.stringify(told.map(({ event: { id, time, data } }) => ({ id, time, name: data.name }))),
      poison,
      String(effectMs / 1000),
    ],
  }),
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

runConsumers({ ...backbone, consumers: [onFact, onStatement, onState], deps: {} });
