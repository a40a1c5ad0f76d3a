import { createDownloadLink as create } from '../../commands/downloadOwnData.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const createDownloadLink: MutationResolvers['createDownloadLink'] = (_root, _args, context) => create(context);
