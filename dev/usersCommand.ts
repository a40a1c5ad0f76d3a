import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '#platform/env.ts';
import { root } from '#platform/root.ts';
import { databaseUrl } from './databases.ts';
import { devEnvSchema, toDevEnv } from './env.ts';
import { loadSecrets } from './secrets.ts';
import { mainOf } from './services.ts';

/**
 * `npm run keys -- rotate`, `npm run role -- ada@example.com ADMIN`, `npm run erase -- <user id>`: a command of the users service, on the local system of
 * `npm start`; or on the database that DATABASE_URL names, with ACCESS_TOKEN_KEY.
 */
function environment(): NodeJS.ProcessEnv {
  if (process.env.DATABASE_URL) return {};
  const { ports, given, dataDir } = toDevEnv(readEnv(devEnvSchema));
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) throw new Error(`There is no local system (${file}). Set DATABASE_URL and ACCESS_TOKEN_KEY`);
  const secrets = loadSecrets(file);
  const password = encodeURIComponent(secrets.postgresPassword);
  const admin = given.postgres ?? `postgres://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`;
  return {
    DATABASE_URL: databaseUrl(admin, 'users', secrets),
    ACCESS_TOKEN_KEY: Buffer.from(secrets.accessTokenKey).toString('base64'),
  };
}

try {
  const program = ['--import', 'tsx', join(root, mainOf('users')), ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, program, {
    stdio: 'inherit',
    env: { ...process.env, ...environment() },
    cwd: root,
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
