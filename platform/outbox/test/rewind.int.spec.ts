import { cpSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { newId } from '#platform/ids.ts';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/index.ts';
import { type TestTransaction, ThingChanged, testBackbone, thing } from '#platform/testing/testBackbone.ts';

let backbone: Awaited<ReturnType<typeof testBackbone>>;
beforeEach(async () => {
  backbone = await testBackbone();
  await backbone.database.pool.query('create table effect (event_id uuid not null)');
  await waitFor(() => backbone.nats.connected());
});
afterEach(() => backbone.scope.close());

const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `n${from + index}`);

async function commit(count: number) {
  for (const name of names(count)) {
    await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing(name)));
  }
  await waitFor(async () => (await backbone.count('backbone.outbox')) === 0);
}

/** The ids of the events that the stream holds, in its order. */
async function inStream(): Promise<string[]> {
  const manager = backbone.nats.manager();
  const info = await manager?.streams.info('tasks');
  const ids: string[] = [];
  for (let seq = info?.state.first_seq ?? 1; seq <= (info?.state.last_seq ?? 0); seq++) {
    const message = await manager?.streams.getMessage('tasks', { seq });
    if (message) ids.push(message.header.get('Nats-Msg-Id'));
  }
  return ids;
}

async function committed(): Promise<string[]> {
  const { rows } = await backbone.database.pool.query<{ id: string }>('select id from backbone.event order by id');
  return rows.map((row) => row.id);
}

const everythingIsBack = () =>
  waitFor(
    async () => {
      const [there, all] = [new Set(await inStream()), await committed()];
      return all.every((id) => there.has(id));
    },
    { timeoutMs: 20_000, everyMs: 100 },
  );

/** Writes a row for each time that an event takes effect. */
function startConsumer() {
  const scope = createScope();
  backbone.scope.defer('consumer', () => scope.close());
  const consumer = factConsumer<TestTransaction, object, [typeof ThingChanged]>({
    name: 'test-rewind',
    events: [ThingChanged],
    async handle(tx, event) {
      await tx.$executeRaw`insert into effect (event_id) values (${event.id}::uuid)`;
    },
  });
  runConsumers({ ...backbone, registry: new Registry(), scope, consumers: [consumer], deps: {} });
}

/** Somebody else's messages, which overtake what the stream has lost. */
async function overtake(count: number) {
  const connection = await connect({ servers: backbone.natsServer.url });
  for (const name of names(count)) {
    await jetstream(connection).publish(`tasks.other.${newId()}.${name}`, 'x', { msgID: newId() });
  }
  await connection.close();
}

describe('a stream that has lost events', () => {
  it('is filled again after its store was deleted, and every effect stays single', async () => {
    startConsumer();
    await commit(12);
    await waitFor(async () => (await backbone.count('effect')) === 12);
    await backbone.natsServer.wipe();
    await everythingIsBack();
    await commit(1);
    await waitFor(async () => (await backbone.count('effect')) === 13);
    expect(await backbone.count('(select distinct event_id from effect) one')).toBe(13);
  }, 40_000);

  it('is filled again after it was rolled back and overtaken by another publisher', async () => {
    startConsumer();
    await commit(10);
    await waitFor(async () => (await backbone.count('effect')) === 10);
    await backbone.natsServer.stop();
    const copy = `${backbone.natsServer.dataDir}.copy`;
    cpSync(backbone.natsServer.dataDir, copy, { recursive: true });
    await backbone.natsServer.start();
    await waitFor(() => backbone.nats.connected());
    await commit(10);
    await waitFor(async () => (await backbone.count('effect')) === 20);

    // Back to ten, and twelve strangers before our relay is there again: "the last sequence is behind" would pass.
    await backbone.natsServer.stop();
    rmSync(backbone.natsServer.dataDir, { recursive: true });
    cpSync(copy, backbone.natsServer.dataDir, { recursive: true });
    await backbone.natsServer.start();
    await overtake(12);
    await everythingIsBack();
    await commit(1);
    await waitFor(async () => (await backbone.count('effect')) === 21, { timeoutMs: 20_000 });
    expect(await backbone.count('(select distinct event_id from effect) one')).toBe(21);
  }, 60_000);

  it('puts an event back whose place in the stream another event has taken', async () => {
    await commit(3);
    // As a process would leave it that recorded an ack before the roll-back was noticed.
    await backbone.database.pool.query(`
      update backbone.published set event_id = (select event_id from backbone.published where sequence = 1)
      where sequence = 3`);
    await backbone.natsServer.kill();
    await backbone.natsServer.start();
    // Sequence 3 carries another id than recorded: what is recorded there is put back and rejected as known.
    await waitFor(async () => (await backbone.count('backbone.published where sequence = 3')) === 0);
    await waitFor(async () => (await backbone.count('backbone.outbox')) === 0);
    expect(await inStream()).toHaveLength(3);
  }, 20_000);

  it('is left alone when it has everything', async () => {
    await commit(3);
    await backbone.natsServer.kill();
    await backbone.natsServer.start();
    await commit(1);
    expect(await backbone.count('backbone.published')).toBe(4);
    expect(await inStream()).toHaveLength(4);
  }, 20_000);
});
