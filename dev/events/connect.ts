import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import type { Scope } from '#platform/service/scope.ts';
import type { SubgraphName } from '../subgraphs.ts';
import { CommandError, chosenSubgraphs, type Targets } from './targets.ts';

/** The database of a subgraph, for a command. */
export type Database = { name: SubgraphName; query: pg.Client['query'] };

/** Connects to the databases that a command is about. Throws a CommandError that says which can't be reached. */
export async function openDatabases(targets: Targets, named: string | undefined, scope: Scope): Promise<Database[]> {
  return Promise.all(
    chosenSubgraphs(targets, named).map(async (name) => {
      const client = new pg.Client({
        connectionString: targets.databases.get(name),
        connectionTimeoutMillis: 5_000,
        application_name: 'taskgraph events',
      });
      // A lost connection fails the query that runs.
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch (error) {
        throw new CommandError(`The database of ${name} can't be reached: ${messageOf(error)}. Is the system running?`);
      }
      scope.defer(`database ${name}`, () => client.end());
      return { name, query: client.query.bind(client) as pg.Client['query'] };
    }),
  );
}

/** Connects to NATS. Throws a CommandError when it can't be reached. */
export async function openNats(
  targets: Targets,
  scope: Scope,
): Promise<{ connection: NatsConnection; manager: JetStreamManager }> {
  try {
    const connection = await connect({ servers: targets.nats, name: 'taskgraph events', timeout: 3_000 });
    scope.defer('nats', () => connection.close());
    return { connection, manager: await jetstreamManager(connection, { checkAPI: false, timeout: 3_000 }) };
  } catch (error) {
    throw new CommandError(`NATS can't be reached: ${messageOf(error)}. Is the system running?`);
  }
}

/** What an error says, also where it has only a code or parts (Node's AggregateError). */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
