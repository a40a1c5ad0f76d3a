import { createPersonalToken as command } from '../../commands/personalTokens.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const createPersonalToken: MutationResolvers['createPersonalToken'] = (_root, { input }, context) =>
  command(context, input);
