import { readEnv } from '#platform/env.ts';
import { runService } from '#platform/service/runService.ts';
import { notificationsEnvSchema } from './env.ts';
import { startNotifications } from './startNotifications.ts';

runService('notifications', (scope, log) => startNotifications(readEnv(notificationsEnvSchema), scope, log));
