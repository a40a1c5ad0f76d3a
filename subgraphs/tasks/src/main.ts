import { readEnv } from '#platform/env.ts';
import { runService } from '#platform/service/runService.ts';
import { tasksEnvSchema } from './env.ts';
import { startTasks } from './startTasks.ts';

runService('tasks', (scope, log) => startTasks(readEnv(tasksEnvSchema), scope, log));
