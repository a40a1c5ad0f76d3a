import { z } from 'zod';
import { databaseEnv, natsEnv, neededInProduction, redisEnv, serviceEnv } from '#platform/env.ts';

const serviceUrl = z.url({ protocol: /^https?$/, error: 'Must be a URL' });

/** Everything that this subgraph can be told. */
export const commentsEnvSchema = z.object({
  ...serviceEnv(4003),
  ...databaseEnv,
  ...natsEnv,
  ...redisEnv,
  USERS_URL: neededInProduction(
    serviceUrl
      .default('http://127.0.0.1:4001')
      .describe('The users subgraph, which is asked for what has not arrived yet as an event'),
  ),
  TASKS_URL: neededInProduction(
    serviceUrl
      .default('http://127.0.0.1:4002')
      .describe('The tasks subgraph, which is asked for what has not arrived yet as an event'),
  ),
});

/** What readEnv returns for this subgraph. */
export type CommentsEnv = z.output<typeof commentsEnvSchema>;
