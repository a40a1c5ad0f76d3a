import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import type { Nonces } from '#platform/identity/nonces.ts';
import { parseInput } from '#platform/input.ts';
import { requireSignedCalls } from '#platform/service/signedCalls.ts';
import { downloadOwnData } from '../commands/downloadOwnData.ts';
import type { Deps } from '../deps.ts';

const input = z.strictObject({ token: z.string().max(200) });

/** GET /auth/download: a member's own data, as a file. The gateway passes it on in a signed call, with the query. */
export function serveDownload(
  app: FastifyInstance,
  { deps, keys, nonces }: { deps: Deps; keys: CallKeys; nonces: Nonces },
): void {
  app.register(async (scope) => {
    requireSignedCalls(scope, { callee: app.serviceName, allow: ['gateway'], keys, nonces });
    scope.get('/auth/download', { exposeHeadRoute: false }, async (request, reply) => {
      reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      const { token } = parseInput(input, request.query, []);
      const data = await downloadOwnData(deps, token);
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header(
          'content-disposition',
          `attachment; filename="taskgraph-${data.createdAt.toISOString().slice(0, 10)}.json"`,
        )
        .send(JSON.stringify(data, null, 2));
    });
  });
}
