import { login as command } from '../../commands/login.ts';
import { signIn } from '../../context.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const login: MutationResolvers['login'] = async (_root, { input }, context) => {
  const { user, session } = await command(context, input);
  signIn(context, session.viewer);
  return { user, accessToken: session.accessToken, expiresAt: session.expiresAt };
};
