import { beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { WorkspaceChanged } from '#events/users.ts';
import { newId } from '#platform/ids.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let tasks: Fixture;
let connection: NatsConnection;
beforeAll(async () => {
  tasks = await startFixture(scope);
  connection = await connect({ servers: tasks.nats.url });
  scope.defer('test connection', () => connection.close());
  await waitFor(async () => (await jetstream(connection).jetstreamManager()).streams.info('users').catch(() => null));
});

const eventOf = (id: string, name: string, version: number) => ({
  ...{ id: newId(), type: WorkspaceChanged.type, aggregate: 'workspace', aggregateId: id, version },
  ...{ time: new Date(), actorId: null, data: { workspace: { id, name, archived: true } } },
  ...{ changes: {}, traceparent: null },
});

describe('dead letters about a workspace', () => {
  it('go when a later change arrives; those of others, and of what is later still, stay', async () => {
    const id = newId();
    const bury = (event: object) =>
      tasks.pool.query(
        `insert into backbone.dead_letter values ('tasks-on-workspace-changed', $1, $2, 'because', 5, now(), now())`,
        [newId(), event],
      );
    await bury(JSON.parse(encodeEnvelope(eventOf(id, 'Desk of Zyx', 1))));
    await bury({ subject: 'users.workspace', sequence: 1, text: `{"id":"${id}","name":"Desk of Zyx"` });
    const later = eventOf(id, 'Later', 3);
    const other = eventOf(newId(), 'Other', 1);
    for (const kept of [later, other]) await bury(JSON.parse(encodeEnvelope(kept)));

    const closing = eventOf(id, 'Deleted workspace', 2);
    await jetstream(connection).publish(subjectOf(closing), encodeEnvelope(closing), { msgID: closing.id });
    const names = async () => {
      const { rows } = await tasks.pool.query(`select event::text as text from backbone.dead_letter`);
      return rows.map(({ text }) => /Zyx|Later|Other/.exec(text)?.[0]).sort();
    };
    await waitFor(async () => (await names()).length === 2);
    expect(await names()).toEqual(['Later', 'Other']);
  });
});
