import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseEnv } from '#platform/env.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import { createScope } from '#platform/service/scope.ts';
import { startTestNats, startTestRedis, testDatabase, testScope, waitFor } from '#platform/testing/index.ts';
import { tasksEnvSchema } from '../src/env.ts';
import { startTasks } from '../src/startTasks.ts';
import { person } from './fixture.ts';

const scope = testScope();
const environment: NodeJS.ProcessEnv = { NODE_ENV: 'test', PORT: '0', USERS_URL: 'http://127.0.0.1:1' };
let pool: Awaited<ReturnType<typeof testDatabase>>['pool'];

beforeAll(async () => {
  const [database, nats, redis] = await Promise.all([testDatabase('tasks'), startTestNats(), startTestRedis()]);
  scope.defer('test servers', () => Promise.all([database.drop(), nats.remove(), redis.remove()]));
  Object.assign(environment, { DATABASE_URL: database.url, NATS_URL: nats.url, REDIS_URL: redis.url });
  pool = database.pool;
});

async function start(role: string) {
  const own = createScope();
  scope.defer('service', () => own.close());
  const log = createLogger({ service: 'tasks', level: 'error' });
  const { url } = await startTasks(parseEnv(tasksEnvSchema, { ...environment, ROLE: role }), own, log);
  await waitFor(async () => {
    const { status } = (await (await fetch(`${url}/readyz`)).json()) as { status: string };
    return status === 'ok';
  });
  return { url, stop: () => own.close() };
}

/** A mutation as the gateway would send it, to be sent to any replica. */
function signedMutation(workspaceId: string, viewer: { userId: string; sessionId: string }) {
  const body = JSON.stringify({
    query: 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
    variables: { input: { workspaceId, key: 'WEB', name: 'Web' } },
  });
  const keys = parseCallKeys(undefined, false);
  const to = { keys, caller: 'gateway', callee: 'tasks', path: '/graphql' };
  const call = { ...to, viewer, clientAddress: null, body, mutation: true };
  const headers = { 'content-type': 'application/json', ...signCall(call) };
  return async (url: string) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string; reason?: string } }[] };
    return errors?.[0]?.extensions;
  };
}

describe('the roles of a process', () => {
  it('share the work: api answers, worker consumes and sweeps, and both let go when they stop', async () => {
    const [api, worker] = await Promise.all([start('api'), start('worker')]);
    expect((await fetch(`${worker.url}/graphql`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await fetch(`${api.url}/graphql`, { method: 'POST', body: '{}' })).status).toBe(401);
    const consumed = async (url: string) =>
      (await (await fetch(`${url}/metrics`)).text()).includes('taskgraph_consumed');
    expect(await consumed(worker.url)).toBe(true);
    expect(await consumed(api.url)).toBe(false);
    await Promise.all([api.stop(), worker.stop()]);
    const { rows } = await pool.query(
      "select count(*)::int from pg_stat_activity where datname = current_database() and usename = 'tasks'",
    );
    // The test's own.
    expect(rows[0].count).toBe(1);
  });

  it('refuse a mutation that another replica has taken', async () => {
    const [first, second] = await Promise.all([start('all'), start('all')]);
    const [viewer, workspaceId] = [person(), newId()];
    await pool.query("insert into membership (workspace_id, user_id, role, version) values ($1, $2, 'OWNER', 1)", [
      workspaceId,
      viewer.userId,
    ]);
    await pool.query('insert into workspace (id, archived, version) values ($1, false, 1)', [workspaceId]);
    // Users is nowhere: until the consumer is known to be fresh, a membership can't be relied on.
    const send = await waitFor(async () => {
      const attempt = signedMutation(workspaceId, viewer);
      return (await attempt(first.url)) === undefined ? attempt : null;
    });
    expect(await send(second.url)).toMatchObject({ code: 'CALL_REFUSED', reason: 'REPLAYED' });
    const { rows } = await pool.query('select count(*)::int from project');
    expect(rows[0].count).toBe(1);
  });
});
