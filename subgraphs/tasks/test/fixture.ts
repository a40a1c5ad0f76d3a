import { expect, jest } from '@jest/globals';
import { parseEnv } from '#platform/env.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import {
  callSubgraph,
  startStandIn,
  startTestNats,
  startTestRedis,
  testDatabase,
  waitFor,
} from '#platform/testing/index.ts';
import type { Membership } from '../src/domain/membership.ts';
import type { Role } from '../src/domain/policy.ts';
import type { Workspace } from '../src/domain/workspace.ts';
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

  const fixture = {
    url,
    pool,
    nats,
    users,
    call,
    /** Waits until the projection of memberships is relied on. */
    async fresh() {
      const somebody = person();
      const id = await this.members(newId(), { [somebody.userId]: 'GUEST' });
      const query =
        'query ($id: ID!) { _entities(representations: [{ __typename: "Workspace", id: $id }]) { __typename } }';
      await waitFor(async () => {
        const before = users.askedAbout(somebody.userId);
        await call(somebody, query, { id });
        return users.askedAbout(somebody.userId) === before;
      });
    },
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
    /** Makes people members, and in the projection, as if the events had arrived. */
    async members(workspaceId: string, roles: Record<string, Role>) {
      await pool.query('insert into workspace (id, archived, version) values ($1, false, 1) on conflict do nothing', [
        workspaceId,
      ]);
      for (const [userId, role] of Object.entries(roles)) {
        users.knows({ workspaceId, userId, role, version: 1 });
        await pool.query('insert into membership (workspace_id, user_id, role, version) values ($1, $2, $3, 1)', [
          workspaceId,
          userId,
          role,
        ]);
      }
      return workspaceId;
    },
    /** Gives a member another role, or none any more; as if the event had arrived. */
    async change(workspaceId: string, userId: string, role: Role | null) {
      users.knows({ workspaceId, userId, role, version: 2 });
      await pool.query('update membership set role = $3, version = 2 where workspace_id = $1 and user_id = $2', [
        workspaceId,
        userId,
        role,
      ]);
    },
    /** Archives a workspace, or puts it to use again; as if the event had arrived. */
    async archive(workspaceId: string, archived = true) {
      const { version } = users.changesWorkspace(workspaceId, archived);
      await pool.query('update workspace set archived = $2, version = $3 where id = $1', [
        workspaceId,
        archived,
        version,
      ]);
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
  await fixture.fresh();
  return fixture;
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** Stands in for the users service: answers its internal route as events/users.ts and the real one have it. */
async function startUsers(scope: Scope) {
  const memberships = new Map<string, Membership>();
  const workspaces = new Map<string, Workspace>();
  const workspaceOf = (id: string) => workspaces.get(id) ?? { id, archived: false, version: 1 };
  const standIn = await startStandIn(scope, 'users', {
    '/internal/memberships': ({ userId }) => ({
      memberships: [...memberships.values()].filter((membership) => membership.userId === userId),
    }),
    '/internal/workspaces': ({ ids }: { ids: string[] }) => ({ workspaces: ids.map(workspaceOf) }),
  });
  return {
    ...standIn,
    /** How often it was asked about somebody. */
    askedAbout: (userId: string) => standIn.asked.filter((question) => question.includes(userId)).length,
    /** Archives a workspace there, or puts it to use again, without an event. */
    changesWorkspace(id: string, archived: boolean): Workspace {
      const changed = { id, archived, version: workspaceOf(id).version + 1 };
      workspaces.set(id, changed);
      return changed;
    },
    /** Makes somebody a member there, without an event. */
    knows: (membership: Membership) => memberships.set(`${membership.workspaceId} ${membership.userId}`, membership),
  };
}
