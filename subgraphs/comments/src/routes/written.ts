import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { listCommentsBy } from '../store/comments.ts';

const PAGE = 500;

/**
 * POST /internal/written: what somebody wrote here, a page at a time. For users, whose members download their data. Their words
 * are theirs also in workspaces that they are in no more: nobody else changes them.
 */
export const writtenRoute = {
  path: '/internal/written',
  allow: ['users'],
  input: z.strictObject({ userId: idSchema, workspaceIds: z.array(idSchema), after: idSchema.nullable() }),

  /** The comments in the order of their ids; `after` leads to the next page. */
  async handle({ userId, after }: { userId: string; after: string | null }, { prisma }: Pick<Deps, 'prisma'>) {
    const comments = await listCommentsBy(prisma, userId, { after, limit: PAGE });
    return { lists: { comments }, after: comments.length === PAGE ? (comments.at(-1)?.id ?? null) : null };
  },
};
