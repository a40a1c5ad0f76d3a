import type { Found } from '#dev/servers/findBinary.ts';

/** What globalSetup hands to the test files, through the environment (jest runs them in other processes). */
export type TestServers = {
  /** The superuser's URL of the one Postgres that all test files share. */
  postgres: string;
  redis: Found;
  nats: Found;
};

const variable = 'TASKGRAPH_TEST_SERVERS';

/** Puts the servers where {@link testServers} finds them. */
export function shareTestServers(servers: TestServers): void {
  process.env[variable] = JSON.stringify(servers);
}

/** The servers of this test run. */
export function testServers(): TestServers {
  const text = process.env[variable];
  if (!text) throw new Error('No test servers: a test that needs them is named *.int.spec.ts');
  return JSON.parse(text) as TestServers;
}
