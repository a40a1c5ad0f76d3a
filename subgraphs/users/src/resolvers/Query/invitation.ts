import { refuse } from '#platform/errors.ts';
import { parseInput } from '#platform/input.ts';
import { findByToken, tokenSchema } from '../../commands/answerInvitation.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const invitation: QueryResolvers['invitation'] = async (_root, args, { deps }) => {
  const found = await findByToken(deps, parseInput(tokenSchema, args.token, ['token']));
  return found ?? refuse('NOT_FOUND', 'There is no such invitation');
};
