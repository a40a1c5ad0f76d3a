import { readEnv } from '#platform/env.ts';
import { runService } from '#platform/service/runService.ts';
import { usersEnvSchema } from './env.ts';
import { startUsers } from './startUsers.ts';

runService('users', (scope, log) => startUsers(readEnv(usersEnvSchema), scope, log));
