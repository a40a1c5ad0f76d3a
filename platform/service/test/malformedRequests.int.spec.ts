import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { callSubgraph, testScope } from '#platform/testing/index.ts';
import { sendMalformedRequests } from '#platform/testing/malformedRequests.ts';
import { serveSubscriptions } from '../../live/serveSubscriptions.ts';
import { serveSubgraph } from '../serveSubgraph.ts';
import { startSample } from './startSample.ts';

const scope = testScope();
const typeDefs = 'type Query { hello: String } type Subscription { hello: String }';
const resolvers = { Query: { hello: () => 'Hello' } };

// graphql-ws writes to the console what is wrong with a frame, and offers no other place.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => void jest.restoreAllMocks());

it.each([true, false])(
  'whatever bytes come, a subgraph goes on (subscriptions: %p)',
  async (subscriptions) => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => void uncaught.push(error);
    process.on('uncaughtExceptionMonitor', note);
    scope.defer('monitor', () => process.off('uncaughtExceptionMonitor', note));
    const { url, lines } = await startSample(scope, 'tasks', async (sample) => {
      const served = { ...sample, name: 'tasks', context: () => ({}) };
      const { schema } = await serveSubgraph({ ...served, typeDefs, resolvers });
      if (subscriptions) serveSubscriptions({ ...served, schema, path: '/graphql' });
    });
    const answers = await sendMalformedRequests(url);
    for (const [name, answer] of answers) {
      if (answer) expect([name, answer]).toEqual([name, expect.stringMatching(/^HTTP\/1\.1 (101|200|4\d\d) /)]);
    }
    expect(uncaught).toEqual([]);
    expect(lines.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    expect((await callSubgraph({ url, callee: 'tasks', query: '{ hello }' })).data).toEqual({ hello: 'Hello' });
  },
  30_000,
);
