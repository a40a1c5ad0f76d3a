import { expect, jest } from '@jest/globals';
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
import { callSubgraph, startTestNats, startTestRedis, testDatabase } from '#platform/testing/index.ts';
import type { Membership } from '../src/domain/membership.ts';
import type { Role } from '../src/domain/policy.ts';
import { tasksEnvSchema } from '../src/env.ts';
import { startTasks } from '../src/startTasks.ts';

// Servers are started in beforeAll, and the machine may be busy.
jest.setTimeout(30_000);

/** Somebody who calls: signed in, or nobody. */
export type Person = { userId: string; sessionId: string } | null;

/** A new person. */
export const person = () => ({ userId: newId(), sessionId: newId() });

/** The tasks subgraph in this process, on a database and a NATS of its own, and what a test does with it. */
export async function startFixture(scope: Scope) {
  const [database, nats, redis] = await Promise.all([testDatabase('tasks'), startTestNats(), startTestRedis()]);
  scope.defer('test servers', async () => {
    await Promise.all([database.drop(), nats.remove(), redis.remove()]);
  });
  const users = await startUsers(scope);
  const env = parseEnv(tasksEnvSchema, {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
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
    /**
     * Asserts that a mutation is refused and that nothing was written. Answers the code, with the wrong fields after it.
     */
    async refused(viewer: Person, mutation: string, input: Record<string, unknown>): Promise<string> {
      const before = await this.written();
      const { data, errors } = await call(viewer, mutation, { input });
      expect(data ?? null).toBeNull();
      expect(await this.written()).toEqual(before);
      const { code = 'ok', fields } = (errors?.[0]?.extensions ?? {}) as {
        code?: string;
        fields?: { path: string[] }[];
      };
      return [code, ...new Set(fields?.map(({ path }) => path.join('.')))].join(' ');
    },
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
    /** Makes a project. */
    async project(owner: Person, workspaceId: string, key = 'WEB'): Promise<string> {
      const mutation = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
      const { data, errors } = await call(owner, mutation, { input: { workspaceId, key, name: key } });
      if (errors) throw new Error(JSON.stringify(errors));
      return data.createProject.project.id;
    },
    /** Makes a task. */
    async task(creator: Person, projectId: string, input: Record<string, unknown> = {}): Promise<string> {
      const mutation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
      const { data, errors } = await call(creator, mutation, { input: { projectId, title: 'A', ...input } });
      if (errors) throw new Error(JSON.stringify(errors));
      return data.createTask.task.id;
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
