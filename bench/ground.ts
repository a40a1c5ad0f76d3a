import pg from 'pg';
import { databaseOf } from '#dev/databases.ts';
import type { ServiceName } from '#dev/services.ts';
import type { SystemOptions } from '#dev/system.ts';
import { createScope, type OwnedScope } from '#platform/service/scope.ts';
import { startTestSystem, type TestSystem } from '../e2e/testSystem.ts';

/** Servers of the bench's own on the loopback interface, as `npm start` starts them (Postgres with fsync), with fresh data. */
export type Ground = {
  system: TestSystem;
  /** Closes with the bench. */
  scope: OwnedScope;
  /** A migrated database of tasks of its own; its URL. */
  database(name: string): Promise<string>;
};

/** Starts the servers, and the services that a bench needs besides. Whoever calls closes the scope. */
export async function startGround(
  services: readonly ServiceName[] = [],
  env: SystemOptions['env'] = {},
): Promise<Ground> {
  const scope = createScope({ seconds: 20 });
  const system = await startTestSystem({ services, env });
  scope.defer('system', () => system.remove());
  return {
    system,
    scope,
    async database(name) {
      const database = `bench_${name}`;
      const admin = new pg.Client({ connectionString: system.urls.postgres });
      await admin.connect();
      try {
        const login = databaseOf('tasks');
        await admin.query(`create database ${database} template ${login} owner ${login}`);
      } finally {
        await admin.end();
      }
      const url = new URL(system.urls.databases.tasks);
      url.pathname = `/${database}`;
      return url.href;
    },
  };
}
