import { readEnv } from '#platform/env.ts';
import { runService } from '#platform/service/runService.ts';
import { commentsEnvSchema } from './env.ts';
import { startComments } from './startComments.ts';

runService('comments', (scope, log) => startComments(readEnv(commentsEnvSchema), scope, log));
