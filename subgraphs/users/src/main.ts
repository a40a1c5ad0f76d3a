import { readEnv } from '#platform/env.ts';
import { createLogger } from '#platform/logger.ts';
import { runService } from '#platform/service/runService.ts';
import { createScope } from '#platform/service/scope.ts';
import { usersEnvSchema } from './env.ts';
import { eraseCommand } from './eraseCommand.ts';
import { keysCommand } from './keys/keysCommand.ts';
import { roleCommand } from './roleCommand.ts';
import { startUsers } from './startUsers.ts';

const [command, ...args] = process.argv.slice(2);

const commands = { keys: keysCommand, role: roleCommand, erase: eraseCommand };

if (command === 'keys' || command === 'role' || command === 'erase') {
  const scope = createScope();
  const log = createLogger({ service: 'users', level: 'warn' });
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  process.exitCode = await commands[command](args, readEnv(usersEnvSchema), { scope, log, say }).finally(() =>
    scope.close(),
  );
} else {
  runService('users', (scope, log) => startUsers(readEnv(usersEnvSchema), scope, log));
}
