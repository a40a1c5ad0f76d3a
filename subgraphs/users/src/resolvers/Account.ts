import type { AccountResolvers } from '../generated/resolvers.ts';

export const Account: AccountResolvers = {
  globalRole: ({ role }) => role,
  suspended: ({ suspendedAt }) => suspendedAt !== null,
};
