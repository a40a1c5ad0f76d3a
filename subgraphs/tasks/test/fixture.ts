import { z } from 'zod';
import { parseEnv } from '#platform/env.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import { createHttpServer } from '#platform/service/createHttpServer.ts';
import { createHealth } from '#platform/service/health.ts';
import { listen } from '#platform/service/listen.ts';
import { createScope, type Scope } from '#platform/service/scope.ts';
import { signedRoute } from '#platform/service/signedRoute.ts';
import { callSubgraph, startTestNats, testDatabase } from '#platform/testing/index.ts';
import type { Membership } from '../src/domain/membership.ts';
import type { Role } from '../src/domain/policy.ts';
import { tasksEnvSchema } from '../src/env.ts';
import { startTasks } from '../src/startTasks.ts';

/** Somebody who calls: signed in, or nobody. */
export type Person = { userId: string; sessionId: string } | null;

/** A new person. */
export const person = () => ({ userId: newId(), sessionId: newId() });

/** The tasks subgraph in this process, on a database and a NATS of its own, and what a test does with it. */
export async function startFixture(scope: Scope) {
  const [database, nats] = await Promise.all([testDatabase('tasks'), startTestNats()]);
  scope.defer('test servers', async () => {
    await Promise.all([database.drop(), nats.remove()]);
  });
  const users = await startUsers(scope);
  const env = parseEnv(tasksEnvSchema, {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    USERS_URL: users.url,
  });
  const { url } = await startTasks(env, scope, createLogger({ service: 'tasks', level: 'error' }));
  const { pool } = database;

  const call = (viewer: Person, query: string, variables?: Record<string, unknown>) =>
    callSubgraph({ url, callee: 'tasks', viewer, query, variables: variables ?? {} });

  return {
    url,
    pool,
    nats,
    users,
    call,
    /** Makes people members, in the projection, as if the events had arrived. */
    async members(workspaceId: string, roles: Record<string, Role>) {
      for (const [userId, role] of Object.entries(roles)) {
        await pool.query('insert into membership (workspace_id, user_id, role, version) values ($1, $2, $3, 1)', [
          workspaceId,
          userId,
          role,
        ]);
      }
      return workspaceId;
    },
    /** Everything that a mutation could have written. */
    async written(): Promise<Record<string, number>> {
      const { rows } = await pool.query(`select (select count(*) from project)::int as projects,
        (select coalesce(sum(last_task_number), 0) from project)::int as numbers,
        (select count(*) from task)::int as tasks, (select coalesce(sum(version), 0) from task)::int as versions,
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

/** Stands in for the users service: answers its internal route as events/users.ts and the real one have it. */
async function startUsers(scope: Scope) {
  const memberships = new Map<string, Membership>();
  const asked: string[] = [];
  const own = createScope();
  scope.defer('users', () => own.close());
  const app = createHttpServer({
    service: 'users',
    log: createLogger({ service: 'users', level: 'silent' }),
    health: createHealth(),
  });
  signedRoute(app, '/internal/membership', {
    keys: parseCallKeys(undefined, false),
    nonces: createNonces(),
    allow: ['tasks'],
    input: z.object({ workspaceId: z.uuid(), userId: z.uuid() }),
    async handle({ workspaceId, userId }) {
      asked.push(`${workspaceId} ${userId}`);
      return { membership: memberships.get(`${workspaceId} ${userId}`) ?? null };
    },
  });
  const url = await listen(app, { host: '127.0.0.1', port: 0, scope: own });
  return {
    url,
    asked,
    /** Makes somebody a member there, without an event. */
    knows: (membership: Membership) => memberships.set(`${membership.workspaceId} ${membership.userId}`, membership),
    stop: () => own.close(),
  };
}
