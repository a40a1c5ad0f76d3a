import { beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { MembershipChanged } from '#events/users.ts';
import { newId } from '#platform/ids.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import type { Role } from '../src/domain/policy.ts';
import { type Fixture, person, startFixture } from './fixture.ts';

const workspaceQuery = `query ($id: ID!) { _entities(representations: [{ __typename: "Workspace", id: $id }]) {
  ... on Workspace { viewerCanCreateProjects }
} }`;
const createProject = `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }`;

const scope = testScope();
let tasks: Fixture;
let connection: NatsConnection;

beforeAll(async () => {
  tasks = await startFixture(scope);
  connection = await connect({ servers: tasks.nats.url });
  scope.defer('test connection', () => connection.close());
  // Consumers make the stream of a publisher that has not started yet.
  await waitFor(() => jetstreamStream());
});

async function jetstreamStream() {
  const manager = await jetstream(connection).jetstreamManager();
  return manager.streams.info('users').catch(() => null);
}

type Change = { id: string; workspaceId: string; userId: string; role: Role | null; version: number };

/** What users would publish. */
async function publish({ id, workspaceId, userId, role, version }: Change) {
  const event = {
    id: newId(),
    type: MembershipChanged.type,
    aggregate: 'membership',
    aggregateId: id,
    version,
    time: new Date(),
    actorId: null,
    data: { membership: { workspaceId, userId, role } },
    changes: {},
    traceparent: null,
  };
  await jetstream(connection).publish(subjectOf(event), encodeEnvelope(event), { msgID: event.id });
}

async function kept(workspaceId: string, userId: string) {
  const { rows } = await tasks.pool.query(
    'select role, version from membership where workspace_id = $1 and user_id = $2',
    [workspaceId, userId],
  );
  return rows[0];
}

describe('the projection of memberships', () => {
  it('follows the events, in whatever order they arrive, and keeps who has left', async () => {
    const { userId } = person();
    const membership = { id: newId(), workspaceId: newId(), userId };
    await publish({ ...membership, role: 'ADMIN', version: 2 });
    await waitFor(async () => (await kept(membership.workspaceId, userId))?.version === 2);
    // Late, and therefore without effect; the next one shows that it was handled.
    await publish({ ...membership, role: 'MEMBER', version: 1 });
    await publish({ ...membership, role: null, version: 3 });
    await waitFor(async () => (await kept(membership.workspaceId, userId))?.version === 3);
    await publish({ ...membership, role: 'OWNER', version: 2 });
    const marker = { id: newId(), workspaceId: newId(), userId };
    await publish({ ...marker, role: 'GUEST', version: 1 });
    await waitFor(() => kept(marker.workspaceId, userId));
    await waitFor(async () => {
      const { rows } = await tasks.pool.query('select count(*)::int from backbone.inbox');
      return rows[0].count >= 5;
    });
    expect(await kept(membership.workspaceId, userId)).toEqual({ role: null, version: 3 });
  });

  it('lets somebody in and out again', async () => {
    const viewer = person();
    const membership = { id: newId(), workspaceId: newId(), userId: viewer.userId };
    const may = async () => {
      const { data } = await tasks.call(viewer, workspaceQuery, { id: membership.workspaceId });
      return data._entities[0]?.viewerCanCreateProjects ?? null;
    };
    await publish({ ...membership, role: 'MEMBER', version: 1 });
    await waitFor(async () => (await may()) === true);
    await publish({ ...membership, role: 'GUEST', version: 2 });
    await waitFor(async () => (await may()) === false);
    await publish({ ...membership, role: null, version: 3 });
    await waitFor(async () => (await may()) === null);
  });
});

describe('a membership that has not arrived', () => {
  it('is asked of users, once, and kept: createProject works right after createWorkspace', async () => {
    const owner = person();
    const workspaceId = newId();
    // Something that isn't there was looked for just before: that miss must not hide the workspace.
    expect(await tasks.refused(owner, createProject, { workspaceId: newId(), key: 'WEB', name: 'Web' })).toBe(
      'NOT_FOUND',
    );
    tasks.users.knows({ workspaceId, userId: owner.userId, role: 'OWNER', version: 1 });
    const before = tasks.users.askedAbout(owner.userId);
    await tasks.project(owner, workspaceId);
    await tasks.project(owner, workspaceId, 'API');
    expect(tasks.users.askedAbout(owner.userId) - before).toBe(1);
    expect(await kept(workspaceId, owner.userId)).toEqual({ role: 'OWNER', version: 1 });
  });

  it('is asked for an assignee, too', async () => {
    const [owner, assignee] = [person(), person()];
    const workspaceId = await tasks.members(newId(), { [owner.userId]: 'OWNER' });
    tasks.users.knows({ workspaceId, userId: assignee.userId, role: 'MEMBER', version: 1 });
    await tasks.task(owner, await tasks.project(owner, workspaceId), { assigneeId: assignee.userId });
  });

  it('is remembered as a miss: whoever asks for what does not exist costs users one question', async () => {
    const stranger = person();
    const workspaceId = newId();
    for (let n = 0; n < 5; n++) {
      const { errors } = await tasks.call(stranger, createProject, { input: { workspaceId, key: 'WEB', name: 'Web' } });
      expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
    expect(tasks.users.askedAbout(stranger.userId)).toBe(1);
  });
});

// Last: these take the servers away.
describe('without its surroundings', () => {
  it('asks users for every membership while NATS is away, since somebody may have been removed', async () => {
    const [owner, removed] = [person(), person()];
    const workspaceId = await tasks.members(newId(), { [owner.userId]: 'OWNER', [removed.userId]: 'MEMBER' });
    tasks.users.knows({ workspaceId, userId: owner.userId, role: 'OWNER', version: 1 });
    tasks.users.knows({ workspaceId, userId: removed.userId, role: null, version: 2 });
    await tasks.nats.kill();
    await waitFor(async () => {
      const { errors } = await tasks.call(removed, createProject, { input: { workspaceId, key: 'WEB', name: 'Web' } });
      return errors?.[0]?.extensions.code === 'NOT_FOUND';
    });
    expect(await kept(workspaceId, removed.userId)).toEqual({ role: null, version: 2 });
    // Writing goes on: the events wait in the outbox.
    const id = await tasks.project(owner, workspaceId, 'API');
    expect(await tasks.events(id)).toHaveLength(1);
    const ready = await fetch(`${tasks.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ degraded: ['nats'] });
    await tasks.nats.start();
    await waitFor(async () => {
      const { rows } = await tasks.pool.query('select count(*)::int from backbone.outbox');
      return rows[0].count === 0;
    });
  });

  it('answers SERVICE_UNAVAILABLE, not a guess, when users cannot be asked; what is known goes on working', async () => {
    const [owner, newcomer] = [person(), person()];
    const workspaceId = await tasks.members(newId(), { [owner.userId]: 'OWNER' });
    await waitFor(
      async () =>
        (await fetch(`${tasks.url}/readyz`).then((r) => r.json() as Promise<{ status: string }>)).status === 'ok',
    );
    await tasks.users.stop();
    expect(await tasks.refused(newcomer, createProject, { workspaceId, key: 'WEB', name: 'Web' })).toBe(
      'SERVICE_UNAVAILABLE',
    );
    await waitFor(async () => {
      const { data } = await tasks.call(owner, createProject, { input: { workspaceId, key: 'WEB', name: 'Web' } });
      return data?.createProject;
    });
  });
});
