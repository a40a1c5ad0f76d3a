import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AckPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { pino } from 'pino';
import { createScope } from '../../service/scope.ts';
import { startTestNats, type TestServer, waitFor } from '../../testing/index.ts';
import { connectNats, type NatsLink } from '../connectNats.ts';
import { readConsumerLag } from '../consumerLag.ts';
import { consumerConfig, ensureConsumer } from '../consumers.ts';
import { featuresOf } from '../features.ts';
import { ensureStream, replayStream } from '../streams.ts';

const scope = createScope();
const lines: Record<string, unknown>[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
let server: TestServer;
let nats: NatsLink;

beforeAll(async () => {
  server = await startTestNats();
  scope.defer('server', () => server.remove());
  nats = connectNats({ url: server.url, service: 'test', log, scope });
  await waitFor(() => nats.connected());
}, 30_000);
afterAll(() => scope.close());
beforeEach(() => void lines.splice(0));

const manager = () => nats.manager() as NonNullable<ReturnType<NatsLink['manager']>>;
const durable = {
  stream: 'tasks',
  name: 'test-lag',
  subjects: ['tasks.task.*.created'],
  cover: 'tasks.task.*.*',
  ackWaitMs: 5_000,
  metadata: { owner: 'test', kind: 'fact' },
};
const ensure = (more: Partial<typeof durable> = {}) =>
  ensureConsumer(manager(), { ...durable, ...more }, nats.features(), log);

it('the server says what it can', () => {
  const version = nats.connection()?.info?.version ?? '';
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(nats.features().consumerMetadata).toBe(!version.startsWith('2.9.'));
});

describe('a stream', () => {
  it('is made once, and what is changed is logged', async () => {
    await ensureStream(manager(), 'tasks', log);
    await ensureStream(manager(), 'tasks', log);
    expect(lines.map((line) => line.msg)).toEqual(['The stream is new']);
    await manager().streams.update('tasks', { max_age: nanos(60_000), duplicate_window: nanos(60_000) });
    lines.splice(0);
    await ensureStream(manager(), 'tasks', log);
    expect(lines).toMatchObject([
      { msg: 'The stream was not as declared; changed', changes: { max_age: { from: 60e9, to: 7 * 24 * 3600e9 } } },
    ]);
  });
});

describe('the streams', () => {
  it.each(['lasting', replayStream])(
    'lie in files, and outlive the server: %s',
    async (name) => {
      await ensureStream(manager(), name, log);
      const { config, created } = await manager().streams.info(name);
      expect(config.storage).toBe(StorageType.File);
      await nats.jetstream()?.publish(`${name}.task.1.created`, 'x');
      await server.kill();
      await server.start();
      const info = await waitFor(() => manager().streams.info(name), { timeoutMs: 10_000 });
      expect(info).toMatchObject({ created, state: { messages: 1 } });
    },
    20_000,
  );

  it('are not made anew when a setting differs that cannot be changed: whoever declares them is told', async () => {
    const made = await manager().streams.add({
      name: 'fleeting',
      subjects: ['fleeting.>'],
      storage: StorageType.Memory,
    });
    await nats.jetstream()?.publish('fleeting.task.1.created', 'x');
    lines.splice(0);
    await expect(ensureStream(manager(), 'fleeting', log)).rejects.toThrow(/storage/);
    expect(await manager().streams.info('fleeting')).toMatchObject({
      created: made.created,
      config: { storage: StorageType.Memory },
      state: { messages: 1 },
    });
    // Nor does it say that anything was changed.
    expect(lines).toEqual([]);
  });
});

describe('a consumer', () => {
  it('is made once, changed in place, and what is changed is logged', async () => {
    await ensure();
    const { created } = await manager().consumers.info('tasks', 'test-lag');
    await ensure();
    await ensure({ ackWaitMs: 3_000 });
    expect(lines).toMatchObject([
      { msg: 'The consumer is new', stream: 'tasks', consumer: 'test-lag' },
      { msg: 'The consumer was not as declared; changed', changes: { ack_wait: { from: 5e9, to: 3e9 } } },
    ]);
    expect((await manager().consumers.info('tasks', 'test-lag')).created).toBe(created);
  });

  it('is not made anew when a setting differs that cannot be changed: whoever declares it is told', async () => {
    const made = await manager().consumers.add('tasks', {
      ...consumerConfig({ ...durable, name: 'test-careless' }, nats.features()),
      ack_policy: AckPolicy.None,
    });
    lines.splice(0);
    await expect(ensure({ name: 'test-careless' })).rejects.toThrow(/ack policy/);
    const info = await manager().consumers.info('tasks', 'test-careless');
    expect(info).toMatchObject({ created: made.created, config: { ack_policy: AckPolicy.None } });
    expect(lines).toEqual([]);
    await manager().consumers.delete('tasks', 'test-careless');
  });

  it('tells how far it is behind, by the oldest event of its own', async () => {
    expect(await readConsumerLag(manager(), 'tasks', 'test-lag')).toMatchObject({ pending: 0, oldestSeconds: 0 });
    const publish = (name: string) => nats.jetstream()?.publish(`tasks.task.1.${name}`, 'x');
    await publish('other');
    await publish('created');
    const at = Date.now();
    await publish('created');
    const lag = await readConsumerLag(manager(), 'tasks', 'test-lag', at + 60_000);
    expect(lag).toMatchObject({ stream: 'tasks', consumer: 'test-lag', pending: 2, ackPending: 0, redelivered: 0 });
    expect(lag.oldestSeconds).toBeGreaterThan(59);
    expect(lag.oldestSeconds).toBeLessThan(70);

    const consumer = await nats.jetstream()?.consumers.get('tasks', 'test-lag');
    const first = await consumer?.next({ expires: 5_000 });
    expect(await readConsumerLag(manager(), 'tasks', 'test-lag')).toMatchObject({ pending: 1, ackPending: 1 });
    await first?.ackAck();
    const second = await consumer?.next({ expires: 5_000 });
    await second?.ackAck();
    expect(await readConsumerLag(manager(), 'tasks', 'test-lag')).toMatchObject({
      pending: 0,
      ackPending: 0,
      oldestSeconds: 0,
    });
  });

  it('of several events is sent only these, and says whose it is, where the server can; a change of that is made in place', async () => {
    const subjects = ['tasks.note.*.created', 'tasks.note.*.updated'];
    const several = { name: 'test-several', subjects, cover: 'tasks.note.*.*' };
    // As an older server has it: one subject that covers them.
    const { durable_name, ...old } = consumerConfig({ ...durable, ...several }, featuresOf('2.9.10'));
    await manager().consumers.add('tasks', { durable_name, ...old });
    const { created } = await manager().consumers.info('tasks', 'test-several');
    await ensure(several);
    const { config, ...info } = await manager().consumers.info('tasks', 'test-several');
    expect(info.created).toBe(created);
    if (nats.features().filterSubjects) {
      expect(config).toMatchObject({ filter_subjects: subjects, metadata: durable.metadata });
      expect(config.filter_subject).toBeFalsy();
    } else {
      expect(config).toMatchObject({ filter_subject: 'tasks.note.*.*' });
    }
    lines.splice(0);
    await ensure(several);
    expect(lines).toEqual([]);
    for (const name of ['created', 'other', 'updated']) await nats.jetstream()?.publish(`tasks.note.2.${name}`, name);
    const consumer = await nats.jetstream()?.consumers.get('tasks', 'test-several');
    const texts: string[] = [];
    for await (const message of (await consumer?.fetch({ max_messages: 10, expires: 1_000 })) ?? []) {
      texts.push(message.string());
      message.ack();
    }
    expect(texts).toEqual(nats.features().filterSubjects ? ['created', 'updated'] : ['created', 'other', 'updated']);
    await manager().consumers.delete('tasks', 'test-several');
  });

  it('that gives a message up does not get it again, and says why where the server can', async () => {
    await ensureConsumer(
      manager(),
      { ...durable, name: 'test-giving-up', subjects: ['tasks.note.3.created'] },
      nats.features(),
      log,
    );
    const advisories: string[] = [];
    const subject = '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.tasks.test-giving-up';
    const heard = nats.connection()?.subscribe(subject, { callback: (_e, m) => void advisories.push(m.string()) });
    await nats.jetstream()?.publish('tasks.note.3.created', 'x');
    const consumer = await nats.jetstream()?.consumers.get('tasks', 'test-giving-up');
    for await (const message of (await consumer?.fetch({ max_messages: 10, expires: 1_000 })) ?? []) {
      message.term(nats.features().termReason ? 'no good' : undefined);
    }
    await waitFor(() => advisories.length > 0);
    if (nats.features().termReason) expect(JSON.parse(advisories.at(-1) ?? '')).toMatchObject({ reason: 'no good' });
    const { num_ack_pending, num_pending } = await manager().consumers.info('tasks', 'test-giving-up');
    expect({ num_ack_pending, num_pending }).toEqual({ num_ack_pending: 0, num_pending: 0 });
    heard?.unsubscribe();
    await manager().consumers.delete('tasks', 'test-giving-up');
  });
});
