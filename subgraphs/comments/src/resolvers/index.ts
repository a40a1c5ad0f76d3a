import type { Resolvers } from '../generated/resolvers.ts';
import { Comment } from './Comment.ts';
import { addComment } from './Mutation/addComment.ts';
import { comment } from './Query/comment.ts';
import { Task } from './Task.ts';

/** The resolvers of this subgraph; a file's path is its schema coordinate. */
export const resolvers: Partial<Resolvers> = {
  Query: { comment },
  Mutation: { addComment },
  Comment,
  Task,
};
