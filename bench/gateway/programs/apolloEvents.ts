import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import {
  buildOperationContext,
  executeQueryPlan,
  type GraphQLDataSource,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { type PlanNode, QueryPlanner } from '@apollo/query-planner';
import { createClient } from 'graphql-ws';
import { useServer as serveSubscriptions } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { type GraphName, graphNames } from '../graph/supergraph.ts';

/**
 * Subscriptions as they can be had of @apollo/gateway, which has none: graphql-ws on both sides, and for each event its own
 * executor over its own RemoteGraphQLDataSource. The event is what a data source answers to the plan's first fetch.
 */
const {
  supergraph: file,
  urls,
  port,
}: { supergraph: string; urls: Record<GraphName, string>; port: number } = JSON.parse(process.argv[2] ?? '{}');
const supergraph = Supergraph.build(readFileSync(file, 'utf8'));
const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
const schema = supergraph.apiSchema().toGraphQLJSSchema();
const planner = new QueryPlanner(supergraph);
const remote = Object.fromEntries(graphNames.map((name) => [name, new RemoteGraphQLDataSource({ url: urls[name] })]));
const upstream = createClient({ url: urls.tasks.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });

type Event = { data?: Record<string, unknown> | null };

const server = createServer((_request, response) => void response.end('{}'));
serveSubscriptions(
  {
    schema,
    // biome-ignore lint/suspicious/noExplicitAny: what graphql-ws hands on of graphql-js' arguments
    async subscribe({ document, variableValues }: any) {
      const plan = planner.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), document));
      if (plan.node?.kind !== 'Subscription') throw new Error('no subscription');
      const { primary, rest } = plan.node;
      const nodes: PlanNode[] = [primary, ...(rest ? [rest] : [])];
      const context = buildOperationContext({ schema, operationDocument: document });
      const used = Object.fromEntries((primary.variableUsages ?? []).map((name) => [name, variableValues[name]]));
      const events = upstream.iterate({ query: primary.operation, variables: used });
      const answerTo = ({ data }: Event) => {
        const first = { process: async () => ({ data }) } as unknown as GraphQLDataSource;
        const requestContext = {
          request: { variables: variableValues },
          operation: context.operation,
          document,
          context: {},
          metrics: {},
          logger: console,
        } as unknown as Parameters<typeof executeQueryPlan>[2];
        return executeQueryPlan(
          { ...plan, node: { kind: 'Sequence', nodes } },
          { ...remote, [primary.serviceName]: first },
          requestContext,
          context,
          supergraphSchema,
          supergraph.apiSchema(),
        );
      };
      // biome-ignore lint/suspicious/noExplicitAny: whatever the plan gives
      const answers: AsyncIterableIterator<any> = {
        [Symbol.asyncIterator]: () => answers,
        async next() {
          const { value, done } = await events.next();
          return done ? { value: undefined, done } : { value: await answerTo(value as Event), done: false };
        },
        // Not an async generator: its end would wait for the next event.
        return: async () => events.return?.() ?? { value: undefined, done: true },
      };
      return answers;
    },
  },
  new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }),
);
server.listen(port, '127.0.0.1');
process.once('disconnect', () => process.exit(0));
