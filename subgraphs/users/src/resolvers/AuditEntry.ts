import type { AuditEntryResolvers } from '../generated/resolvers.ts';

export const AuditEntry: AuditEntryResolvers = {
  // Whoever reads the log may know who it speaks of, also of people who have left.
  actor: ({ actorId }, _args, { loaders }) => loaders.user.load(actorId),
  subject: ({ subjectId }, _args, { loaders }) => (subjectId ? loaders.user.load(subjectId) : null),
  changes: ({ changes }) => Object.entries(changes).map(([field, change]) => ({ field, ...change })),
};
