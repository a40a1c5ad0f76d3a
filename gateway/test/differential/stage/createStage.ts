import { operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { type DocumentNode, print } from 'graphql';
import { createMetrics } from '#platform/service/metrics.ts';
import type { Caller, GatewayContext } from '../../../src/context.ts';
import { createApolloRun } from '../../../src/executor/createApolloRun.ts';
import { createExecutor, type Executor, type PreparedOperation } from '../../../src/executor/createExecutor.ts';
import type { Generation, Graph } from '../../../src/graph/createGraph.ts';
import type { Subgraph } from '../../../src/graph/createSubgraph.ts';
import type { SubgraphClient } from '../../../src/transport/createSubgraphClient.ts';
import { type Failing, type FaultPlan, failing } from '../faults/failing.ts';
import type { Operation } from '../operations/generateOperation.ts';
import { createSeededSubgraph } from '../subgraphs/createSeededSubgraph.ts';
import type { GraphDefinition } from '../supergraphs/definition.ts';
import { answerEvent } from './answerEvent.ts';
import { composeGraph } from './composeGraph.ts';
import { createClock } from './createClock.ts';
import { masked, open, silent, withoutIncidents } from './formats.ts';
import { createApolloGateway, startApollo } from './startApollo.ts';

/** One run of an operation: with which data, and which faults. */
export type Case = Operation & { seed: number; faults: FaultPlan; masked: boolean };

/** What came of it. */
export type Outcome = {
  /** The response as JSON. */
  text: string;
  /** Every mutation that a subgraph was sent, in this order. */
  mutations: string[];
  /** How often any subgraph was asked. */
  fetches: number;
  /** The faults that happened. */
  faults: string[];
};

export type Run = (run: Case) => Promise<Outcome>;

/** A supergraph with subgraphs in this process, and two ways to run its operations. */
export type Stage = ReturnType<typeof composeGraph> & {
  name: string;
  /** Apollo Server over @apollo/gateway, with our data sources: what the answers have to be. */
  reference: Run;
  /** Our executor. */
  candidate: Run;
  /**
   * Our executor with a subscription, of which this subgraph sends one event.
   * @throws NoEvent when the subgraph fails in a way in which an event can't
   */
  event: Run;
  /** The same by @apollo/gateway's executeQueryPlan, of which the primary is a fetch that the event answers. */
  apolloEvent: Run;
  /** A query or a mutation over the HTTP of Apollo Server: the outcome's text has the status, too. Errors are masked, whatever the case says. */
  http(apollo: ApolloServer<GatewayContext>): Run;
  apollo: ApolloServer<GatewayContext>;
  /** The supergraph as Apollo Server is given it by the program. */
  graph: Graph;
  prepare: Executor['prepare'];
  /** Whether @apollo/gateway's planner, asked without our executor, has a plan. */
  isPlanned(document: DocumentNode, operationName: string | undefined): boolean;
  /** How many answers of our executor were shaped by @apollo/gateway: these prove nothing about our own shapes. */
  unusual(): Promise<number>;
  stop(): Promise<void>;
};

/** What subgraphs and executor are told of a run. They know it by the caller, so that several can run at a time. */
type Running = { run: Case; failing: Failing; mutations: string[]; fetches: number };

/** Sets a supergraph up. Runs may overlap as long as they mask errors alike. */
export async function createStage(definition: GraphDefinition): Promise<Stage> {
  const composed = composeGraph(definition);
  const { sdl, schema, keys, supergraphs } = composed;
  const clock = createClock();
  const runs = new Map<string, Running>();
  let begun = 0;
  let format = open;

  function runOf({ clientAddress }: Caller): Running {
    const running = runs.get(clientAddress ?? '');
    if (!running) throw new Error(`there is no run ${clientAddress}`);
    return running;
  }

  function clientOf(name: string, text: string): SubgraphClient {
    const seeded = createSeededSubgraph(text, keys, (caller) => runOf(caller).run.seed);
    const answer = failing(name, seeded, (caller) => runOf(caller).failing);
    return async (request, caller) => {
      const running = runOf(caller);
      running.fetches += 1;
      if (request.mutation && /^mutation\b/.test(request.query)) {
        running.mutations.push(JSON.stringify([name, request.query, request.variables]));
      }
      await clock.turn(`${running.run.seed} ${name} ${request.query}`);
      return answer(request, caller);
    };
  }
  const clients = new Map(Object.entries(definition.subgraphs).map(([name, text]) => [name, clientOf(name, text)]));

  async function tell(run: Case, ask: (caller: GatewayContext) => Promise<string>): Promise<Outcome> {
    begun += 1;
    const id = String(begun);
    const running: Running = { run, failing: { ...run.faults, happened: new Set() }, mutations: [], fetches: 0 };
    runs.set(id, running);
    format = run.masked ? masked : open;
    const text = await ask({ viewer: null, clientAddress: id });
    runs.delete(id);
    const { mutations, fetches } = running;
    return { text: withoutIncidents(text), mutations, fetches, faults: [...running.failing.happened] };
  }

  const apollo = await startApollo(createApolloGateway(sdl, clients), (formatted, error) =>
    format.apollo(formatted, error),
  );
  const subgraphs = new Map(
    [...clients].map(([name, call]) => [name, { name, url: `http://${name}.invalid`, call } as unknown as Subgraph]),
  );
  const metrics = createMetrics({ service: 'test', defaults: false });
  const options = { sdl, schema, subgraphs, format: (error: unknown) => format.executor(error), log: silent, metrics };
  const executor = createExecutor(options);
  const apolloRun = createApolloRun({ ...options, ...supergraphs, timeoutMs: 60_000 });

  const planner = new QueryPlanner(supergraphs.supergraph);
  const unasked = new Map([...clients.keys()].map((name) => [name, nobody]));
  const generation: Generation = { sdl, schema, subgraphs, resumable: new Map(), executor, hold: () => () => {} };

  return {
    ...composed,
    name: definition.name,
    prepare: executor.prepare,
    isPlanned(document, operationName) {
      try {
        const options = operationName ? { operationName } : {};
        planner.buildQueryPlan(operationFromDocument(supergraphs.supergraph.apiSchema(), document, options));
        return true;
      } catch {
        return false;
      }
    },
    async unusual() {
      const { values } = await metrics.counter('gateway_answers_unusual_total', '').get();
      return values[0]?.value ?? 0;
    },
    apollo,
    graph: {
      gateway: createApolloGateway(sdl, unasked),
      current: () => generation,
      generationOf: () => generation,
      reload() {},
    },
    http: (server) => (run) =>
      tell({ ...run, masked: true }, async (caller) => {
        const { status, body } = await server.executeHTTPGraphQLRequest({
          httpGraphQLRequest: requestOf(run),
          context: async () => caller,
        });
        if (body.kind !== 'complete') throw new Error('the answer came in parts');
        return `{"status":${status ?? 200},"response":${body.string.trimEnd()}}`;
      }),
    stop: () => apollo.stop(),
    reference: (run) =>
      tell(run, async (contextValue) => {
        const { document, operationName, variables } = run;
        const { body } = await apollo.executeOperation(
          { query: print(document), ...(operationName && { operationName }), variables: copy(variables) },
          { contextValue },
        );
        if (body.kind !== 'single') throw new Error('the answer came in parts');
        return JSON.stringify(body.singleResult);
      }),
    candidate: (run) =>
      tell(run, async (caller) => {
        let prepared: PreparedOperation;
        try {
          prepared = executor.prepare(run.document, run.operationName);
        } catch (error) {
          // What @apollo/gateway can't plan, though it is valid.
          return JSON.stringify({ errors: [format.executor(error)] });
        }
        return (await prepared.execute({ variables: copy(run.variables), caller })).text;
      }),
    event: (run) =>
      tell(run, (caller) => {
        const { primary, executeEvent } = executor.prepare(run.document, run.operationName);
        return answerEvent({ clients, primary, executeEvent }, run, caller);
      }),
    apolloEvent: (run) =>
      tell(run, (caller) => {
        const { primary, plan } = executor.prepare(run.document, run.operationName);
        const { executeEvent } = apolloRun(plan, run.document, run.operationName);
        return answerEvent({ clients, primary, executeEvent }, run, caller);
      }),
  };
}

/** Not called: the program's own executor is asked before. */
const nobody: SubgraphClient = () => Promise.reject(new Error("@apollo/gateway's own executor was asked"));

/** As a client sends it. */
function requestOf({ document, operationName, variables }: Case): HTTPGraphQLRequest {
  const headers = new HeaderMap([['content-type', 'application/json']]);
  return { method: 'POST', headers, search: '', body: { query: print(document), operationName, variables } };
}

const copy = <T>(value: T): T => structuredClone(value);
