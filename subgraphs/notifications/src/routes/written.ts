import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { listNotificationsOf } from '../store/notificationsOf.ts';

const PAGE = 500;

/** POST /internal/written: what somebody was told, a page at a time. For users, whose members download their data. */
export const writtenRoute = {
  path: '/internal/written',
  allow: ['users'],
  input: z.strictObject({
    userId: idSchema,
    after: z
      .string()
      .regex(/^\d{1,9}$/)
      .nullable(),
  }),

  /** The notifications in the order of their feed; `after` leads to the next page. */
  async handle({ userId, after }: { userId: string; after: string | null }, { prisma }: Pick<Deps, 'prisma'>) {
    const found = await listNotificationsOf(prisma, userId, { after: Number(after ?? 0), limit: PAGE });
    const last = found.length === PAGE ? found.at(-1) : undefined;
    return {
      lists: { notifications: found.map(({ sequence: _, ...notification }) => notification) },
      after: last ? String(last.sequence) : null,
    };
  },
};
