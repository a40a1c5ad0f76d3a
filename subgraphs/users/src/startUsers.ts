import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { PrismaClient } from '#prisma/users/client/client.ts';
import { attemptsKey, connectAttempts } from './attempts/createAttempts.ts';
import { createContext } from './context.ts';
import type { Deps } from './deps.ts';
import { createWritings } from './download/createWritings.ts';
import type { UsersEnv } from './env.ts';
import { createFlows } from './flows.ts';
import { createKeyring } from './keys/createKeyring.ts';
import { developmentSigningKey } from './keys/signingKeyPair.ts';
import { createLinks } from './links.ts';
import { createPasswords } from './passwords.ts';
import { createProviders } from './providers/createProviders.ts';
import { resolvers } from './resolvers/index.ts';
import { serveAuth } from './routes/auth.ts';
import { serveDownload } from './routes/download.ts';
import { letterRoute } from './routes/letter.ts';
import { membershipsRoute } from './routes/memberships.ts';
import { personRoute } from './routes/person.ts';
import { revocationsRoute } from './routes/revocations.ts';
import { serveSocialLogin } from './routes/socialLogin.ts';
import { tokenRoute } from './routes/token.ts';
import { workspacesRoute } from './routes/workspaces.ts';
import { createTokens } from './tokens.ts';
import { keepUp } from './upkeep.ts';

/** Starts the users subgraph; everything it acquires is released with the scope. Returns where it listens. */
export async function startUsers(env: UsersEnv, scope: Scope, log: Logger): Promise<{ url: string }> {
  const name = 'users';
  await startTelemetry({ service: name, endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, scope, log });
  const callKeys = parseCallKeys(env.CALL_KEYS, env.NODE_ENV === 'production');
  const health = createHealth(scope);
  const app = createHttpServer({ service: name, log, health });
  const { registry } = app.metrics;

  const pool = connectDatabase({ url: env.DATABASE_URL, size: env.DATABASE_POOL_SIZE, log, scope });
  await migrate({ pool, name, mode: env.MIGRATE, log });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const nats = connectNats({ url: env.NATS_URL, service: name, log, scope });

  const sweep = env.ROLE !== 'api';
  const outbox = createOutbox({ publisher: name, prisma, pool, nats, log, registry, scope, sweep });
  const now = () => new Date();
  const master = env.ACCESS_TOKEN_KEY ?? developmentSigningKey();
  const keyring = await createKeyring({ prisma, master, now, log, scope });
  const tokens = createTokens({
    ...{ signer: keyring.signer, issuer: env.ISSUER, audience: env.AUDIENCE },
    seconds: env.ACCESS_TOKEN_SECONDS,
  });
  const links = createLinks(master);
  const attempts = { url: env.REDIS_URL, key: attemptsKey(master), log, scope };
  // Patient: they look through all that there is.
  const clients = Object.entries(env.DOWNLOAD_URLS).map(([callee, url]) =>
    createGuardedClient({ url, caller: name, callee, keys: callKeys, timeoutMs: 15_000, log }),
  );
  scope.defer('clients of others', () => Promise.all(clients.map((client) => client.close())));
  const writings = createWritings(clients);
  const perAddress = env.LOGINS_PER_ADDRESS;
  const logins = connectAttempts({
    ...attempts,
    prisma,
    name: 'login',
    limits: { perAccount: 10, perAddress, seconds: 900 },
  });
  const mails = connectAttempts({ ...attempts, name: 'mail', limits: { perAccount: 5, perAddress, seconds: 900 } });
  const providers = createProviders(env.LOGIN_PROVIDERS ?? [], { appUrl: env.APP_URL, log });
  const signingIn = { passwords: createPasswords({ scope }), providers, flows: createFlows(master), tokens };
  const deps: Deps = { prisma, outbox, ...signingIn, logins, mails, links, writings, now };
  const keys = { master, tokenSeconds: env.ACCESS_TOKEN_SECONDS, everyDays: env.KEY_ROTATION_DAYS };
  if (sweep) keepUp({ deps, pool, nats, keys, log, scope });

  health.require('database', async () => (await pool.query('select 1')).rowCount === 1);
  health.require('migrations', () => isMigrated({ pool, name }));
  health.degrade('nats', nats.answers);

  if (env.ROLE !== 'worker') {
    const nonces = connectNonces({ url: env.REDIS_URL, service: name, log, scope });
    health.degrade('redis', nonces.answers);
    const calls = { keys: callKeys, nonces };
    const typeDefs = readFileSync(join(root, `schema/${name}.graphql`), 'utf8');
    const context = (call: Parameters<typeof createContext>[1]) => createContext(deps, call);
    await serveSubgraph({ app, name, typeDefs, resolvers, context, ...calls, log, scope });
    signedRoute(app, letterRoute.path, {
      ...calls,
      ...letterRoute,
      handle: (input) => letterRoute.handle(input, deps),
    });
    signedRoute(app, membershipsRoute.path, {
      ...calls,
      ...membershipsRoute,
      handle: (input) => membershipsRoute.handle(input, deps),
    });
    signedRoute(app, personRoute.path, {
      ...calls,
      ...personRoute,
      handle: (input) => personRoute.handle(input, deps),
    });
    signedRoute(app, revocationsRoute.path, {
      ...calls,
      ...revocationsRoute,
      handle: (input) => revocationsRoute.handle(input, deps),
    });
    signedRoute(app, tokenRoute.path, {
      ...calls,
      ...tokenRoute,
      handle: (input) => tokenRoute.handle(input, deps),
    });
    signedRoute(app, workspacesRoute.path, {
      ...calls,
      ...workspacesRoute,
      handle: (input) => workspacesRoute.handle(input, deps),
    });
    const secure = env.NODE_ENV === 'production';
    serveAuth(app, { deps, ...calls, secure });
    serveSocialLogin(app, { deps, ...calls, appUrl: env.APP_URL, secure });
    serveDownload(app, { deps, ...calls });
    // Public: the gateway verifies access tokens with it, and passes it on.
    app.get('/.well-known/jwks.json', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=60').send(keyring.jwks(now())),
    );
  }
  const url = await listen(app, { host: env.HOST, port: env.PORT, scope });
  log.info({ url, role: env.ROLE }, 'listening');
  return { url };
}
