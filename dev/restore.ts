import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnv } from '#platform/env.ts';
import { chosenFrom, databaseOptions } from './backup/arguments.ts';
import { openDatabases } from './backup/databases.ts';
import { BackupError } from './backup/manifest.ts';
import { restoreBackup } from './backup/restoreBackup.ts';
import { devEnvSchema, toDevEnv } from './env.ts';

/** `npm run restore -- <folder> [--only tasks,users] [--replace]`: puts a backup back (docs/backup.md). */
async function main(): Promise<void> {
  const options = { ...databaseOptions, replace: { type: 'boolean' } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const [folder] = positionals;
  if (!folder || positionals.length > 1) {
    throw new BackupError('Usage: npm run restore -- <folder> [--only <database>,…] [--replace]');
  }
  const only = chosenFrom(values.only);
  const opened = await openDatabases(toDevEnv(readEnv(devEnvSchema)), { prepare: true });
  try {
    const { databases } = opened;
    await restoreBackup({ folder: resolve(folder), databases, only, replace: values.replace, say: console.log });
    console.log(
      'Restored. When the services start, they make the streams anew and rebuild what they keep of each other.',
    );
  } finally {
    await opened.close();
  }
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
