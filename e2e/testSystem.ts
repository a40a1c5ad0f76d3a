import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { defaultPorts, type PortName, type Ports } from '#dev/env.ts';
import { loadSecrets } from '#dev/secrets.ts';
import { freePort } from '#dev/servers/ports.ts';
import { removeAtEnd } from '#dev/servers/watchdog.ts';
import type { SubgraphName } from '#dev/subgraphs.ts';
import { type System, type SystemOptions, startSystem } from '#dev/system.ts';
import { sharePackages } from './sharePackages.ts';

/** One line of a service's log. */
export type LogLine = { service: string; trace_id?: string; msg?: string; [key: string]: unknown };

/** The whole system, started for one scenario on free ports, with data of its own. */
export type TestSystem = System & {
  /** Every line that the services have written so far. */
  logs: LogLine[];
  /** Where its data lies: a server's in the folder of its name. */
  dataDir: string;
  /** The private key (PEM) that access tokens are signed with. */
  accessTokenKey: string;
  /** Asks a subgraph's database directly: the counts of a test come from there, not from the code under test. */
  sql<Row>(subgraph: SubgraphName, text: string, values?: unknown[]): Promise<Row[]>;
  /** Stops everything and removes the data. */
  remove(): Promise<void>;
};

/** Starts the system as `npm start` does. Takes some seconds. */
export async function startTestSystem(options: Pick<SystemOptions, 'env' | 'services'> = {}): Promise<TestSystem> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'taskgraph-e2e-'));
  removeAtEnd(dataDir);
  sharePackages(dataDir);
  const ports = {} as Ports;
  for (const name of Object.keys(defaultPorts) as PortName[]) ports[name] = await unusedPort(Object.values(ports));
  const logs: LogLine[] = [];
  const system = await startSystem({
    ...options,
    ports,
    dataDir,
    log: (service, line) => {
      if (line.startsWith('{')) logs.push({ ...JSON.parse(line), service });
    },
  });
  return {
    ...system,
    logs,
    dataDir,
    accessTokenKey: loadSecrets(path.join(dataDir, 'secrets.json')).accessTokenKey,
    async sql(subgraph, text, values) {
      const client = new pg.Client({ connectionString: system.urls.databases[subgraph] });
      // A Postgres that is killed during the query fails the query; the connection's own error must not end the process.
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async remove() {
      await system.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function unusedPort(taken: number[]): Promise<number> {
  const port = await freePort();
  return taken.includes(port) ? unusedPort(taken) : port;
}
