import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findServers } from '#dev/servers/findBinary.ts';
import { freePort } from '#dev/servers/ports.ts';
import { postgresServer } from '#dev/servers/postgres.ts';
import { removeAtEnd } from '#dev/servers/watchdog.ts';
import { subgraphs } from '#dev/subgraphs.ts';
import { migrate } from '../database/migrate.ts';
import { root } from '../root.ts';
import { stopAtTeardown } from './globalTeardown.ts';
import { templateOf, testPassword, urlFor } from './testRole.ts';
import { shareTestServers } from './testServers.ts';

const silent = { info: () => {}, warn: () => {} };

/** A role for each subgraph and a migrated database that it owns, as on a developer's machine. */
async function createTemplates(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const name of subgraphs) {
      await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${testPassword}'`);
      await client.query(`CREATE DATABASE ${templateOf(name)} OWNER ${name}`);
    }
    await Promise.all(
      subgraphs.map((name) =>
        migrate({
          url: urlFor(adminUrl, { user: name, database: templateOf(name) }),
          name,
          mode: 'apply',
          log: silent,
        }),
      ),
    );
    // CREATE DATABASE … TEMPLATE fails while anybody is connected to the template.
    for (const name of subgraphs) {
      await client.query(`ALTER DATABASE ${templateOf(name)} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    }
  } finally {
    await client.end();
  }
}

/** Before the integration tests: one Postgres in a temporary folder, a template per subgraph, and the other programs found. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'taskgraph-tests-'));
  removeAtEnd(folder);
  const postgres = await postgresServer({
    dataDir: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    port: await freePort(),
    password: testPassword,
    use: 'tests',
  });
  stopAtTeardown(postgres, folder);
  // Each test file starts its own Redis and NATS, to kill them: a given URL is of no use here.
  const { PATH, HOME, http_proxy, https_proxy, no_proxy } = process.env;
  const env = { PATH, HOME, http_proxy, https_proxy, no_proxy };
  const [programs] = await Promise.all([
    findServers(['redis', 'nats'], { env, packagesDir: join(root, '.data/packages') }),
    postgres.start().then(() => createTemplates(postgres.url)),
  ]);
  shareTestServers({ postgres: postgres.url, ...programs });
}
