import { expect, it } from '@jest/globals';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { waitFor } from '#platform/testing/index.ts';
import { runConsumers } from '../runConsumers.ts';
import { projection, startFixture } from './fixture.ts';

it('a consumer that is not as declared and cannot be changed stays as it is; nothing is handled, and that is told', async () => {
  const test = await startFixture();
  try {
    const manager = test.nats.manager();
    if (!manager) throw new Error('NATS is away');
    // Acknowledges nothing: what it hands out would be lost with the process that it was handed to.
    const careless = { durable_name: projection.name, ack_policy: AckPolicy.None, deliver_policy: DeliverPolicy.All };
    const { created } = await manager.consumers.add('tasks', careless);
    const lines: { level: number; msg: string; consumer: string; err: { message: string } }[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    runConsumers({ ...test, log, registry: new Registry(), consumers: [projection], deps: {} });
    await test.commit('a');
    await waitFor(() => lines.length >= 2);
    expect(lines[0]).toMatchObject({
      msg: 'A consumer cannot pull; trying again',
      consumer: projection.name,
      err: { message: expect.stringContaining('ack policy') },
    });
    expect(await test.count('thing')).toBe(0);
    expect((await manager.consumers.info('tasks', projection.name)).created).toBe(created);
    // An operator decides.
    await manager.consumers.delete('tasks', projection.name);
    await waitFor(async () => (await test.count('thing')) === 1);
  } finally {
    await test.scope.close();
  }
}, 30_000);
