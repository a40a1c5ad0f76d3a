import { z } from 'zod';
import type { TokenScope as ViewerScope } from '#platform/identity/viewer.ts';
import type { Deps } from '../deps.ts';
import { hashTokenSecret, isTokenSecret } from '../domain/personalToken.ts';
import { takePersonalToken } from '../store/personalTokens.ts';

/** POST /internal/token: whom a personal access token speaks for. Gateways exchange it for the identity of an access token. */
export const tokenRoute = {
  path: '/internal/token',
  allow: ['gateway'],
  input: z.strictObject({ token: z.string().max(200) }),

  /** The viewer, with the token as its session, and when it expires (milliseconds since 1970); null when it is no good. */
  async handle({ token }: { token: string }, { prisma, now }: Pick<Deps, 'prisma' | 'now'>) {
    const found = isTokenSecret(token) ? await takePersonalToken(prisma, hashTokenSecret(token), now()) : null;
    if (!found) return { identity: null };
    const { id: sessionId, userId, scope, expiresAt } = found;
    const viewer = { userId, sessionId, scope: scope.toLowerCase() as ViewerScope };
    return { identity: { viewer, expiresAt: expiresAt.getTime() } };
  },
};
