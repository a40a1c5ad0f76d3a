import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../servers/ports.ts';
import { postgresServer } from '../servers/postgres.ts';
import { removeAtEnd } from '../servers/watchdog.ts';

/** Runs `work` with the superuser's URL of a Postgres that is started for it, in a temporary folder, and removed after. */
export async function withTemporaryPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'taskgraph-check-'));
  removeAtEnd(folder);
  const server = await postgresServer({
    dataDir: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    port: await freePort(),
    password: 'check',
    use: 'tests',
  });
  try {
    await server.start();
    return await work(server.url);
  } finally {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
