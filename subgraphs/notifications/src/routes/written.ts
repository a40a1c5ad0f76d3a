import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { listNotificationsOf } from '../store/notificationsOf.ts';

const PAGE = 500;

/**
 * POST /internal/written: what somebody was told, a page at a time. For users, whose members download their data.
 * `workspaceIds`: the workspaces that they are in, which users knows best. What was said in others is left out (title null).
 */
export const writtenRoute = {
  path: '/internal/written',
  allow: ['users'],
  input: z.strictObject({
    userId: idSchema,
    workspaceIds: z.array(idSchema),
    after: z
      .string()
      .regex(/^\d{1,9}$/)
      .nullable(),
  }),

  /** The notifications in the order of their feed; `after` leads to the next page. */
  async handle({ userId, workspaceIds, after }: Input, { prisma }: Pick<Deps, 'prisma'>) {
    const isIn = new Set(workspaceIds);
    const found = await listNotificationsOf(prisma, userId, { after: Number(after ?? 0), limit: PAGE });
    const last = found.length === PAGE ? found.at(-1) : undefined;
    const notifications = found.map(({ sequence: _, ...notification }) =>
      isIn.has(notification.workspaceId) ? notification : { ...notification, title: null, actorId: null },
    );
    return { lists: { notifications }, after: last ? String(last.sequence) : null };
  },
};

type Input = { userId: string; workspaceIds: readonly string[]; after: string | null };
