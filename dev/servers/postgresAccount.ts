import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who runs Postgres. */
export type Account = { uid: number; gid: number };

/**
 * Postgres refuses to run as root: then it runs as the `postgres` user if there is one, else as `nobody`, which is
 * everywhere. For anybody else: undefined, it runs as them.
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('Postgres does not run as root, and this system has neither a user postgres nor a user nobody');
}

function mayEnter(folder: string, { uid, gid }: Account): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  return Boolean(mode & (owner === uid ? 0o100 : group === gid ? 0o010 : 0o001));
}

/** Whether `account` can reach `folder`: it may enter it and all the folders above. */
export function canReach(folder: string, account: Account): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (!mayEnter(at, account)) return false;
    if (at === dirname(at)) return true;
  }
}
