import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnv } from '#platform/env.ts';
import { chosenFrom, databaseOptions } from './backup/arguments.ts';
import { openDatabases } from './backup/databases.ts';
import { BackupError } from './backup/manifest.ts';
import { takeBackup } from './backup/takeBackup.ts';
import { devEnvSchema, toDevEnv } from './env.ts';

/** `npm run backup -- <folder> [--only tasks,users]`: dumps the databases into a new folder (docs/backup.md). */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: databaseOptions });
  const [folder] = positionals;
  if (!folder || positionals.length > 1)
    throw new BackupError('Usage: npm run backup -- <folder> [--only <database>,…]');
  const opened = await openDatabases(toDevEnv(readEnv(devEnvSchema)), { prepare: false });
  try {
    const only = chosenFrom(values.only);
    const databases = new Map([...opened.databases].filter(([name]) => !only || only.includes(name)));
    for (const name of only ?? []) if (!databases.has(name)) throw new BackupError(`There is no database for ${name}`);
    await takeBackup({ folder: resolve(folder), databases, say: console.log });
    console.log(`The backup is in ${resolve(folder)}. It has password hashes and addresses in it.`);
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
