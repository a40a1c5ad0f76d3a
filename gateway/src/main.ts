import { readEnv } from '#platform/env.ts';
import { runService } from '#platform/service/runService.ts';
import { gatewayEnvSchema } from './env.ts';
import { startGateway } from './startGateway.ts';

runService('gateway', (scope, log) => startGateway(readEnv(gatewayEnvSchema), scope, log));
