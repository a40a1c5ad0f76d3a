import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from '#platform/env.ts';
import { databaseUrl } from '../databases.ts';
import { devEnvSchema, toDevEnv } from '../env.ts';
import { loadSecrets } from '../secrets.ts';
import { type SubgraphName, subgraphs } from '../subgraphs.ts';

/** What was asked for can't be done, and why: the message is for the operator. `usage`: the command line was at fault. */
export class CommandError extends Error {
  readonly usage: boolean;

  constructor(message: string, { usage = false }: { usage?: boolean } = {}) {
    super(message);
    this.usage = usage;
  }
}

/** The databases and the NATS that commands work on. */
export type Targets = { databases: Map<SubgraphName, string>; nats: string };

/** The variable that names a subgraph's database. */
export const databaseVariable = (name: string): string => `DATABASE_URL_${name.toUpperCase()}`;

/**
 * Where the databases and NATS are: DATABASE_URL_<SUBGRAPH> and NATS_URL; in a service's container its own DATABASE_URL will
 * do (the image's SERVICE says whose it is); else the local system of `npm start`, by its secrets. Throws a CommandError when
 * there is none of it.
 */
export function findTargets(env: NodeJS.ProcessEnv): Targets {
  const databases = new Map<SubgraphName, string>();
  for (const name of subgraphs) {
    const url = env[databaseVariable(name)] || (env.SERVICE === name ? env.DATABASE_URL : undefined);
    if (url) databases.set(name, url);
  }
  if (databases.size > 0) {
    if (!env.NATS_URL) throw new CommandError('NATS_URL is not set');
    return { databases, nats: env.NATS_URL };
  }
  const { ports, given, dataDir } = toDevEnv(parseEnv(devEnvSchema, env));
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    const variables = subgraphs.map(databaseVariable).join(', ');
    throw new CommandError(`There is no local system (${file}). Set NATS_URL and any of ${variables}`);
  }
  const secrets = loadSecrets(file);
  const admin =
    given.postgres ??
    `postgres://postgres:${encodeURIComponent(secrets.postgresPassword)}@127.0.0.1:${ports.postgres}/postgres`;
  return {
    databases: new Map(subgraphs.map((name) => [name, databaseUrl(admin, name, secrets)])),
    nats: given.nats ?? `nats://127.0.0.1:${ports.nats}`,
  };
}

/** The subgraphs that a command is about: the one that is named, or all that have a database here. */
export function chosenSubgraphs(targets: Targets, named: string | undefined): SubgraphName[] {
  const all = [...targets.databases.keys()];
  if (named === undefined) return all;
  const found = all.find((name) => name === named);
  if (found) return [found];
  const known = subgraphs.some((name) => name === named);
  throw new CommandError(
    known
      ? `There is no database of ${named} here: set ${databaseVariable(named)}`
      : `There is no subgraph ${named}: ${subgraphs.join(', ')}`,
    { usage: !known },
  );
}
