import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { MembershipChanged, WorkspaceChanged } from '#events/users.ts';
import { parseEnv } from '#platform/env.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import {
  callSubgraph,
  startPublisher,
  startStandIn,
  startTestNats,
  startTestRedis,
  testDatabase,
  waitFor,
} from '#platform/testing/index.ts';
import type { Membership } from '../src/domain/membership.ts';
import type { Role } from '../src/domain/policy.ts';
import type { Workspace } from '../src/domain/workspace.ts';
import { commentsEnvSchema } from '../src/env.ts';
import { startComments } from '../src/startComments.ts';

/** Somebody who calls: signed in, or nobody. */
export type Person = { userId: string; sessionId: string } | null;

/** A new person. */
export const person = () => ({ userId: newId(), sessionId: newId() });

/** A task as its events have it, with its version. */
export function taskState(workspaceId: string, more: Partial<ReturnType<typeof bareTask>> = {}) {
  return { ...bareTask(workspaceId), ...more };
}

function bareTask(workspaceId: string) {
  return {
    id: newId(),
    workspaceId,
    projectId: newId(),
    key: 'WEB-42',
    title: 'Fix the header',
    status: 'TODO' as const,
    creatorId: newId(),
    assigneeId: null as string | null,
    version: 1,
  };
}

export type TaskWithVersion = ReturnType<typeof taskState>;

/** The comments subgraph in this process, on a database and a NATS of its own, and what a test does with it. */
export async function startFixture(scope: Scope) {
  const servers = await Promise.all([testDatabase('comments'), startTestNats(), startTestRedis()]);
  const [database, nats, redis] = servers;
  scope.defer('test servers', async () => {
    await Promise.all([database.drop(), nats.remove(), redis.remove()]);
  });
  const owned = {
    memberships: new Map<string, Membership>(),
    tasks: new Map<string, TaskWithVersion>(),
    workspaces: new Map<string, Workspace>(),
  };
  const workspaceOf = (id: string) => owned.workspaces.get(id) ?? { id, archived: false, version: 1 };
  const users = await startStandIn(scope, 'users', {
    '/internal/memberships': ({ userId }) => ({
      memberships: [...owned.memberships.values()].filter((membership) => membership.userId === userId),
    }),
    '/internal/workspaces': ({ ids }: { ids: string[] }) => ({ workspaces: ids.map(workspaceOf) }),
  });
  const tasks = await startStandIn(scope, 'tasks', {
    '/internal/tasks': ({ ids }: { ids: string[] }) => ({ tasks: ids.flatMap((id) => owned.tasks.get(id) ?? []) }),
  });
  const env = parseEnv(commentsEnvSchema, {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
    USERS_URL: users.url,
    TASKS_URL: tasks.url,
  });
  const { url } = await startComments(env, scope, createLogger({ service: 'comments', level: 'error' }));
  const { pool } = database;
  const { publish } = startPublisher(scope, nats.url);

  return {
    url,
    pool,
    nats,
    users,
    tasks,
    owned,
    call: (viewer: Person, query: string, variables: Record<string, unknown> = {}) =>
      callSubgraph({ url, callee: 'comments', viewer, query, variables }),
    /** Publishes a membership, as users does; `role` null ends it. */
    async member(workspaceId: string, userId: string, role: Role | null, version = 1) {
      const membership = { id: newId(), workspaceId, userId, role };
      const key = `${workspaceId} ${userId}`;
      if (version > (owned.memberships.get(key)?.version ?? 0)) {
        owned.memberships.set(key, { workspaceId, userId, role, version });
      }
      await publish(MembershipChanged, { aggregateId: membership.id, version, actorId: null, data: { membership } });
      return membership;
    },
    /** Archives a workspace, or puts it to use again, and publishes it, as users does. */
    async archive(workspaceId: string, archived = true) {
      const { version } = workspaceOf(workspaceId);
      owned.workspaces.set(workspaceId, { id: workspaceId, archived, version: version + 1 });
      const data = { workspace: { id: workspaceId, name: 'Acme', archived } };
      await publish(WorkspaceChanged, { aggregateId: workspaceId, version: version + 1, actorId: null, data });
    },
    /** Publishes the state of a task, as tasks does. */
    async task(task: TaskWithVersion, version = task.version) {
      const { version: _, ...known } = task;
      const state = { ...known, priority: 'NONE' as const, start: null, due: null, estimate: null, description: '' };
      if (version >= (owned.tasks.get(task.id)?.version ?? 0)) owned.tasks.set(task.id, { ...task, version });
      const fact = { aggregateId: task.id, version, actorId: task.creatorId };
      if (version === 1) await publish(TaskCreated, { ...fact, data: { task: state } });
      else await publish(TaskUpdated, { ...fact, data: { task: state, changed: ['title'] } });
      return task;
    },
    /** Waits until the projections have these. */
    async settled({ memberships = 0, tasks: expected = 0 }: { memberships?: number; tasks?: number }) {
      await waitFor(async () => {
        const { rows } = await pool.query(
          'select (select count(*) from membership)::int as memberships, (select count(*) from task)::int as tasks',
        );
        return rows[0].memberships >= memberships && rows[0].tasks >= expected;
      });
    },
    /** Everything that a mutation could have written. */
    async written(): Promise<Record<string, number>> {
      const { rows } = await pool.query(`select (select count(*) from comment)::int as comments,
        (select count(*) from backbone.event)::int as events, (select count(*) from backbone.client_id)::int as ids`);
      return rows[0];
    },
    /** The events of an aggregate, the oldest first. */
    async events(id: string) {
      const { rows } = await pool.query(
        'select type, version, actor_id, data, changes from backbone.event where aggregate_id = $1 order by version',
        [id],
      );
      return rows;
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
