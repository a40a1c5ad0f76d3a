/** What the tests share: import it as '#platform/testing/index.ts'. */
export { callSubgraph, type SubgraphAnswer } from './callSubgraph.ts';
export { describeWith } from './describeWith.ts';
export { freePort } from './freePort.ts';
export { queriesOf } from './queriesOf.ts';
export { type Publisher, startPublisher } from './startPublisher.ts';
export { type StandIn, startStandIn } from './startStandIn.ts';
export { startTestNats, startTestRedis, type TestServer } from './startTestServer.ts';
export { emptyDatabase, type TestDatabase, testDatabase } from './testDatabase.ts';
export { testScope } from './testScope.ts';
export { waitFor } from './waitFor.ts';
export { writersOfInbox } from './writersOfInbox.ts';
