import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal, refuse } from '#platform/errors.ts';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import type { Nonces } from '#platform/identity/nonces.ts';
import { parseInput } from '#platform/input.ts';
import { sendRefusal } from '#platform/service/createHttpServer.ts';
import { callOf, requireSignedCalls } from '#platform/service/signedCalls.ts';
import { endSessions } from '../commands/endSessions.ts';
import { refreshSession } from '../commands/refreshSession.ts';
import type { Deps } from '../deps.ts';
import { hashRefreshToken } from '../domain/refreshToken.ts';
import { findSessionByRefreshToken } from '../store/sessions.ts';
import { refreshCookie } from './refreshCookie.ts';

/** What a client sends: a refresh token in the body, or `{}` and the cookie. Long texts are refused before they are hashed. */
const refreshInput = z.strictObject({
  refreshToken: z.string().max(200).optional(),
  /** Whether the next token comes as a cookie, which no script can read; it does for whoever came with the cookie. */
  cookie: z.boolean().optional(),
});
const logoutInput = refreshInput.pick({ refreshToken: true });

/**
 * POST /auth/refresh and POST /auth/logout: what a browser needs a cookie for, and so can't be GraphQL. The gateway passes
 * them on in signed calls, and has refused what another site has sent.
 */
export function serveAuth(
  app: FastifyInstance,
  { deps, keys, nonces, secure }: { deps: Deps; keys: CallKeys; nonces: Nonces; secure: boolean },
): void {
  const cookie = refreshCookie(secure);

  app.register(async (scope) => {
    requireSignedCalls(scope, { callee: app.serviceName, allow: ['gateway'], keys, nonces });
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    scope.post('/auth/refresh', async (request, reply) => {
      const input = parseInput(refreshInput, request.body, []);
      const fromCookie = input.refreshToken === undefined;
      const presented = input.refreshToken ?? cookie.read(request.headers.cookie);
      if (!presented)
        return refuse('UNAUTHENTICATED', 'There is neither a refresh token nor a cookie', { reason: 'NONE' });
      const next = await refreshSession(deps, clientOf(request), presented).catch((error: unknown) => {
        // A cookie that is good for nothing any more goes.
        if (fromCookie && error instanceof Refusal && error.code === 'UNAUTHENTICATED') return forget(reply, error);
        throw error;
      });
      if (!('session' in next)) return next;
      const { session, accessToken, expiresAt, refreshToken } = next;
      const answer = { accessToken, expiresAt, sessionId: session.id };
      if (!fromCookie && !input.cookie) return reply.send({ ...answer, refreshToken });
      return reply.header('set-cookie', cookie.write(refreshToken, session.expiresAt)).send(answer);
    });

    scope.post('/auth/logout', async (request, reply) => {
      const input = parseInput(logoutInput, request.body, []);
      const presented = input.refreshToken ?? cookie.read(request.headers.cookie);
      const session = presented && (await findSessionByRefreshToken(deps.prisma, hashRefreshToken(presented)));
      if (session) {
        const { id: sessionId, userId } = session;
        await endSessions({ deps }, { userId, sessionId, reason: 'LOGOUT', actorId: userId });
      }
      // The same for a token that nobody was given: whoever logs out is logged out.
      return reply.header('set-cookie', cookie.clear()).send({});
    });
  });

  const forget = (reply: FastifyReply, refusal: Refusal) =>
    sendRefusal(reply.header('set-cookie', cookie.clear()), refusal);
}

function clientOf(request: FastifyRequest) {
  const { clientAddress, userAgent = null } = callOf(request);
  return { address: clientAddress, userAgent };
}
