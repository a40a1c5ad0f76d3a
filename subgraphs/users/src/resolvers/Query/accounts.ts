import { z } from 'zod';
import { parseInput } from '#platform/input.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { requireAdmin } from '../../access.ts';
import { normaliseEmail } from '../../domain/user.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { accountCursor, listAccounts } from '../../store/accounts.ts';

const searchSchema = z.string().max(254, 'Must have at most 254 characters').nullable();

export const accounts: QueryResolvers['accounts'] = async (_root, { search = null, ...args }, context) => {
  await requireAdmin(context);
  const page = parsePage(args, accountCursor.ordering, accountCursor.schema);
  const start = parseInput(searchSchema, search, ['search']);
  const found = await listAccounts(context.deps.prisma, start && normaliseEmail(start).replaceAll('\0', ''), page);
  return toConnection(found, page, accountCursor.keys);
};
