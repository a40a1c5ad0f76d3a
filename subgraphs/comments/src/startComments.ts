import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { connectDatabase } from '#platform/database/connectDatabase.ts';
import { isMigrated, migrate } from '#platform/database/migrate.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { connectNonces } from '#platform/identity/connectNonces.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import type { Logger } from '#platform/logger.ts';
import { connectNats } from '#platform/nats/connectNats.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import { root } from '#platform/root.ts';
import { createHttpServer } from '#platform/service/createHttpServer.ts';
import { createHealth } from '#platform/service/health.ts';
import { listen } from '#platform/service/listen.ts';
import type { Scope } from '#platform/service/scope.ts';
import { serveSubgraph } from '#platform/service/serveSubgraph.ts';
import { signedRoute } from '#platform/service/signedRoute.ts';
import { startTelemetry } from '#platform/telemetry/startTelemetry.ts';
import { PrismaClient } from '#prisma/comments/client/client.ts';
import { onMembershipChanged } from './consumers/onMembershipChanged.ts';
import { onTaskChanged } from './consumers/onTaskChanged.ts';
import { onWorkspaceChanged } from './consumers/onWorkspaceChanged.ts';
import { onWorkspaceSuperseded } from './consumers/onWorkspaceSuperseded.ts';
import { createContext } from './context.ts';
import type { Deps } from './deps.ts';
import type { CommentsEnv } from './env.ts';
import { createMemberships } from './memberships.ts';
import { resolvers } from './resolvers/index.ts';
import { writtenRoute } from './routes/written.ts';
import { createTasks } from './tasks.ts';
import { createWorkspaces } from './workspaces.ts';

/** Starts the comments subgraph; everything it acquires is released with the scope. Returns where it listens. */
export async function startComments(env: CommentsEnv, scope: Scope, log: Logger): Promise<{ url: string }> {
  const name = 'comments';
  const worker = env.ROLE !== 'api';
  await startTelemetry({ service: name, endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, scope, log });
  const keys = parseCallKeys(env.CALL_KEYS, env.NODE_ENV === 'production');
  const health = createHealth(scope);
  const app = createHttpServer({ service: name, log, health });
  const { registry } = app.metrics;

  const pool = connectDatabase({ url: env.DATABASE_URL, size: env.DATABASE_POOL_SIZE, log, scope });
  await migrate({ pool, name, mode: env.MIGRATE, log });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const nats = connectNats({ url: env.NATS_URL, service: name, log, scope });
  const users = createGuardedClient({ url: env.USERS_URL, caller: name, callee: 'users', keys, log });
  scope.defer('users client', () => users.close());
  const tasks = createGuardedClient({ url: env.TASKS_URL, caller: name, callee: 'tasks', keys, log });
  scope.defer('tasks client', () => tasks.close());

  const outbox = createOutbox({ publisher: name, prisma, pool, nats, log, registry, scope, sweep: worker });
  const memberships = createMemberships(users, () => running.fresh(onMembershipChanged.name));
  const workspaces = createWorkspaces(users, () => running.fresh(onWorkspaceChanged.name));
  const deps: Deps = { prisma, outbox, memberships, workspaces, tasks: createTasks(tasks), now: () => new Date() };
  const consumers = [onTaskChanged, onMembershipChanged, onWorkspaceChanged, onWorkspaceSuperseded];
  const running = runConsumers({ consumers, deps, prisma, pool, nats, log, registry, scope, consume: worker });

  health.require('database', async () => (await pool.query('select 1')).rowCount === 1);
  health.require('migrations', () => isMigrated({ pool, name }));
  health.degrade('nats', nats.answers);

  if (env.ROLE !== 'worker') {
    const nonces = connectNonces({ url: env.REDIS_URL, service: name, log, scope });
    health.degrade('redis', nonces.answers);
    const calls = { keys, nonces };
    const typeDefs = readFileSync(join(root, `schema/${name}.graphql`), 'utf8');
    const context = (call: Parameters<typeof createContext>[1]) => createContext(deps, call);
    await serveSubgraph({ app, name, typeDefs, resolvers, context, ...calls, log, scope });
    const { path } = writtenRoute;
    signedRoute(app, path, { ...calls, ...writtenRoute, handle: (input) => writtenRoute.handle(input, deps) });
  }
  const url = await listen(app, { host: env.HOST, port: env.PORT, scope });
  log.info({ url, role: env.ROLE }, 'listening');
  return { url };
}
