import { readEnv } from '#platform/env.ts';
import { runService } from '#platform/service/runService.ts';
import { explainEnvSchema, gatewayEnvSchema } from './env.ts';
import { runExplain } from './explain/runExplain.ts';
import { startGateway } from './startGateway.ts';

const [command, ...args] = process.argv.slice(2);

if (command === 'explain') {
  try {
    runExplain(args, readEnv(explainEnvSchema).SUPERGRAPH, (text) => process.stdout.write(`${text}\n`));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
} else {
  runService('gateway', (scope, log) => startGateway(readEnv(gatewayEnvSchema), scope, log));
}
