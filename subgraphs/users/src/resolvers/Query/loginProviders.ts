import type { QueryResolvers } from '../../generated/resolvers.ts';

export const loginProviders: QueryResolvers['loginProviders'] = (_root, _args, { deps }) => [...deps.providers.all];
