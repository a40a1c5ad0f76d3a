import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { connectDatabase } from '#platform/database/connectDatabase.ts';
import { isMigrated, migrate } from '#platform/database/migrate.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { connectNonces } from '#platform/identity/connectNonces.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { createJobs } from '#platform/jobs/createJobs.ts';
import { createLive } from '#platform/live/createLive.ts';
import { serveSubscriptions } from '#platform/live/serveSubscriptions.ts';
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
import { PrismaClient } from '#prisma/notifications/client/client.ts';
import { createAccess } from './access.ts';
import { onCommentActivity } from './consumers/onCommentActivity.ts';
import { onCommentAdded } from './consumers/onCommentAdded.ts';
import { onLetterDue } from './consumers/onLetterDue.ts';
import { onMembershipChanged } from './consumers/onMembershipChanged.ts';
import { onPersonErased } from './consumers/onPersonErased.ts';
import { onProjectCreated } from './consumers/onProjectCreated.ts';
import { onTaskActivity } from './consumers/onTaskActivity.ts';
import { onTaskAssigned } from './consumers/onTaskAssigned.ts';
import { onTaskPlaced } from './consumers/onTaskPlaced.ts';
import { onUserRegistered } from './consumers/onUserRegistered.ts';
import { createContext } from './context.ts';
import type { Deps } from './deps.ts';
import type { NotificationsEnv } from './env.ts';
import { sendLetter } from './jobs/sendLetter.ts';
import { sendNotificationEmail } from './jobs/sendNotificationEmail.ts';
import { sweepActivities } from './jobs/sweepActivities.ts';
import { sweepEmails } from './jobs/sweepEmails.ts';
import { sweepErasures } from './jobs/sweepErasures.ts';
import { createLetters } from './letters.ts';
import { createMailer } from './mail/createMailer.ts';
import { createMemberships } from './memberships.ts';
import { createPeople } from './people.ts';
import { createPlaces } from './places.ts';
import { createReading } from './reading.ts';
import { resolvers } from './resolvers/index.ts';
import { writtenRoute } from './routes/written.ts';

const ACTIVITY_SWEEP_MS = 3_600_000;
const ERASURE_SWEEP_MS = 60_000;

/**
 * Starts the notifications subgraph; everything it acquires is released with the scope. Returns where it listens.
 * @param options.rereadFeedsMs see Deps
 */
export async function startNotifications(
  env: NotificationsEnv,
  scope: Scope,
  log: Logger,
  { rereadFeedsMs = 30_000 }: { rereadFeedsMs?: number } = {},
): Promise<{ url: string }> {
  const name = 'notifications';
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
  const live = createLive({ url: env.REDIS_URL, log, scope });
  const jobs = createJobs({ url: env.JOBS_REDIS_URL, service: name, log, registry, scope });
  const mailer = createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, appUrl: env.APP_URL, log, scope });
  const users = createGuardedClient({ url: env.USERS_URL, caller: name, callee: 'users', keys, log });
  scope.defer('users client', () => users.close());
  const tasks = createGuardedClient({ url: env.TASKS_URL, caller: name, callee: 'tasks', keys, log });
  scope.defer('tasks client', () => tasks.close());

  const outbox = createOutbox({ publisher: name, prisma, pool, nats, log, registry, scope, sweep: worker });
  const fresh = () => running.fresh(onMembershipChanged.name);
  const memberships = createMemberships(users, fresh);
  const access = createAccess({ prisma, pool, memberships, fresh, log, scope });
  const people = createPeople(users);
  const reading = createReading(pool, memberships);
  const places = createPlaces(tasks);
  const letters = createLetters(users);
  const deps: Deps = {
    ...{ prisma, pool, outbox, memberships, people, reading, places, access },
    ...{ live, rereadFeedsMs, jobs, mailer, letters, log, now: () => new Date() },
  };
  const consumers = [
    ...[onTaskAssigned, onCommentAdded, onTaskActivity, onCommentActivity, onLetterDue, onPersonErased],
    ...[onMembershipChanged, onUserRegistered, onProjectCreated, onTaskPlaced],
  ];
  const running = runConsumers({ consumers, deps, prisma, pool, nats, log, registry, scope, consume: worker });
  if (worker) {
    jobs.work([sendNotificationEmail, sendLetter], deps);
    jobs.every('activities', ACTIVITY_SWEEP_MS, () => sweepActivities(deps, env.ACTIVITY_RETENTION_DAYS));
    jobs.every('erasures', ERASURE_SWEEP_MS, () => sweepErasures(deps));
    jobs.every('emails', env.EMAIL_SWEEP_SECONDS * 1_000, () => sweepEmails(deps));
  }

  health.require('database', async () => (await pool.query('select 1')).rowCount === 1);
  health.require('migrations', () => isMigrated({ pool, name }));
  health.degrade('nats', nats.answers);
  health.degrade('redis', live.answers);
  health.degrade('jobs', jobs.answers);

  if (env.ROLE !== 'worker') {
    const nonces = connectNonces({ url: env.REDIS_URL, service: name, log, scope });
    const calls = { keys, nonces };
    const typeDefs = readFileSync(join(root, `schema/${name}.graphql`), 'utf8');
    const context = (call: Parameters<typeof createContext>[1]) => createContext(deps, call);
    const { schema } = await serveSubgraph({ app, name, typeDefs, resolvers, context, ...calls, log, scope });
    serveSubscriptions({ app, path: '/graphql', name, schema, context, ...calls, log });
    const { path } = writtenRoute;
    signedRoute(app, path, { ...calls, ...writtenRoute, handle: (input) => writtenRoute.handle(input, deps) });
  }
  const url = await listen(app, { host: env.HOST, port: env.PORT, scope });
  log.info({ url, role: env.ROLE }, 'listening');
  return { url };
}
