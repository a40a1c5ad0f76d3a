import { z } from 'zod';
import { databaseEnv, natsEnv, neededInProduction, redisEnv, serviceEnv } from '#platform/env.ts';

/** Everything that this subgraph can be told. */
export const tasksEnvSchema = z.object({
  ...serviceEnv(4002),
  ...databaseEnv,
  ...natsEnv,
  ...redisEnv,
  USERS_URL: neededInProduction(
    z
      .url({ protocol: /^https?$/, error: 'Must be a URL' })
      .default('http://127.0.0.1:4001')
      .describe('The users subgraph, which is asked for what has not arrived yet as an event'),
  ),
});

/** What readEnv returns for this subgraph. */
export type TasksEnv = z.output<typeof tasksEnvSchema>;
