import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { listEnded } from '../store/sessions.ts';

/** POST /internal/revocations: which sessions were ended a short while ago, for gateways to refuse their access tokens. */
export const revocationsRoute = {
  path: '/internal/revocations',
  allow: ['gateway'],
  /** A day is the longest that an access token can be good. */
  input: z.strictObject({ withinSeconds: z.number().positive().max(90_000) }),

  /** The sessions, and when they ended: milliseconds since 1970. */
  async handle({ withinSeconds }: { withinSeconds: number }, { prisma, now }: Pick<Deps, 'prisma' | 'now'>) {
    const ended = await listEnded(prisma, new Date(now().getTime() - withinSeconds * 1_000));
    return { sessions: ended.map(({ id, endedAt }) => ({ id, at: endedAt.getTime() })) };
  },
};
