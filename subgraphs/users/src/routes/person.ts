import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findUsers } from '../store/users.ts';

/** POST /internal/person: what another subgraph's projection of people lacks. */
export const personRoute = {
  path: '/internal/person',
  input: z.strictObject({ id: idSchema }),

  /** The person as the events have them, with the version; null when there is none. */
  async handle({ id }: { id: string }, { prisma }: Pick<Deps, 'prisma'>) {
    const [user] = await findUsers(prisma, [id]);
    if (!user) return { person: null };
    const { name, email, avatarUrl, version } = user;
    return { person: { id, name, email, avatarUrl, version } };
  },
};
