import { login as command } from '../../commands/login.ts';
import { signIn } from '../../context.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const login: MutationResolvers['login'] = async (_root, { input }, context) => {
  const signedIn = await command(context, input);
  signIn(context, { userId: signedIn.user.id, sessionId: signedIn.session.id });
  return signedIn;
};
