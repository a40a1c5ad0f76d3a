import { z } from 'zod';
import { PrismaClient } from '#prisma/users/client/client.ts';
import { connectDatabase } from '../../database/connectDatabase.ts';
import { prismaAdapter } from '../../database/prismaAdapter.ts';
import { parseCallKeys } from '../../identity/callKeys.ts';
import { createGuardedClient } from '../../identity/guardedCall.ts';
import { createNonces } from '../../identity/nonces.ts';
import { createHttpServer } from '../../service/createHttpServer.ts';
import { createHealth } from '../../service/health.ts';
import { listen } from '../../service/listen.ts';
import { runService } from '../../service/runService.ts';
import { signedRoute } from '../../service/signedRoute.ts';
import { startTelemetry } from '../startTelemetry.ts';

/** One of two services that a test starts as processes: `users` counts its users, `tasks` asks it to. */
const [, , service = '', endpoint = '', peer = ''] = process.argv;

runService(service, async (scope, log) => {
  await startTelemetry({ service, endpoint, scope, log });
  const app = createHttpServer({ service, log, health: createHealth(scope) });
  const keys = parseCallKeys(undefined, false);
  if (service === 'users') {
    const pool = connectDatabase({ url: peer, size: 2, log, scope });
    const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
    const nonces = createNonces();
    const handle = async () => ({ users: await prisma.user.count() });
    signedRoute(app, '/internal/count', { keys, nonces, allow: ['tasks'], input: z.object({}), handle });
  } else {
    const client = createGuardedClient({ url: peer, caller: 'tasks', callee: 'users', keys });
    scope.defer('client', () => client.close());
    app.post('/work', () => client.call('/internal/count', {}, z.object({ users: z.number() })));
  }
  log.info({ url: await listen(app, { host: '127.0.0.1', port: 0, scope }) }, 'listening');
});
