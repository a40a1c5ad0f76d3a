import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { print } from 'graphql';
import type { GatewayContext } from '../../../src/context.ts';
import { createExecutor, type Executor, type PreparedOperation } from '../../../src/executor/createExecutor.ts';
import { quiet } from '../../../src/graph/createGraph.ts';
import type { Subgraph } from '../../../src/graph/createSubgraph.ts';
import { askOnce } from '../../../src/transport/askOnce.ts';
import type { SubgraphClient } from '../../../src/transport/createSubgraphClient.ts';
import { createSubgraphSource } from '../../../src/transport/createSubgraphSource.ts';
import { createFaults, type FaultPlan } from '../faults/createFaults.ts';
import type { Operation } from '../operations/generateOperation.ts';
import { createSeededSubgraph } from '../subgraphs/createSeededSubgraph.ts';
import type { GraphDefinition } from '../supergraphs/definition.ts';
import { composeGraph } from './composeGraph.ts';
import { createClock } from './createClock.ts';
import { masked, open, silent, withoutIncidents } from './formats.ts';

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
  prepare: Executor['prepare'];
  stop(): Promise<void>;
};

const nobody = { viewer: null, clientAddress: null };

/** Sets a supergraph up. Runs of one stage have to follow one another. */
export async function createStage(definition: GraphDefinition): Promise<Stage> {
  const composed = composeGraph(definition);
  const { sdl, schema, keys } = composed;
  const faults = createFaults();
  const clock = createClock();
  let seed = 0;
  let format = open;
  let mutations: string[] = [];
  let fetches = 0;

  function clientOf(name: string, text: string): SubgraphClient {
    const answer = faults.wrap(
      name,
      createSeededSubgraph(text, keys, () => seed),
    );
    return async (request, caller) => {
      const sent = JSON.stringify([name, request.query, request.variables]);
      fetches += 1;
      if (request.mutation && /^mutation\b/.test(request.query)) mutations.push(sent);
      await clock.turn(`${seed} ${name} ${request.query}`);
      return answer(request, caller);
    };
  }
  const clients = new Map(Object.entries(definition.subgraphs).map(([name, text]) => [name, clientOf(name, text)]));

  const begin = (run: Case) => {
    seed = run.seed;
    format = run.masked ? masked : open;
    mutations = [];
    fetches = 0;
    faults.plan(run.faults);
  };
  const outcome = (text: string): Outcome => ({
    text: withoutIncidents(text),
    mutations,
    fetches,
    faults: faults.happened(),
  });

  const apollo = await startApollo(sdl, clients, (formatted, error) => format.apollo(formatted, error));
  const subgraphs = new Map(
    [...clients].map(([name, call]) => [name, { name, url: `http://${name}.invalid`, call } as unknown as Subgraph]),
  );
  const executor = createExecutor({
    sdl,
    schema,
    subgraphs,
    format: (error) => format.executor(error),
    log: silent,
  });

  return {
    ...composed,
    name: definition.name,
    prepare: executor.prepare,
    stop: () => apollo.stop(),
    async reference(run) {
      begin(run);
      const { document, operationName, variables } = run;
      const { body } = await apollo.executeOperation(
        { query: print(document), ...(operationName && { operationName }), variables: copy(variables) },
        { contextValue: nobody as GatewayContext },
      );
      if (body.kind !== 'single') throw new Error('the answer came in parts');
      return outcome(JSON.stringify(body.singleResult));
    },
    async candidate(run) {
      begin(run);
      let prepared: PreparedOperation;
      try {
        prepared = executor.prepare(run.document, run.operationName);
      } catch (error) {
        // What @apollo/gateway can't plan, though it is valid.
        return outcome(JSON.stringify({ errors: [format.executor(error)] }));
      }
      const { text } = await prepared.execute({ variables: copy(run.variables), caller: nobody as GatewayContext });
      return outcome(text);
    },
  };
}

async function startApollo(
  supergraphSdl: string,
  clients: ReadonlyMap<string, SubgraphClient>,
  formatError: (typeof open)['apollo'],
): Promise<ApolloServer<GatewayContext>> {
  process.env.APOLLO_TELEMETRY_DISABLED ??= 'true';
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: quiet(silent),
    __exposeQueryPlanExperimental: false,
    buildService({ name }): GraphQLDataSource {
      const call = clients.get(name);
      if (!call) throw new Error(`there is no subgraph ${name}`);
      return createSubgraphSource(name, askOnce(call), silent);
    },
  });
  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    logger: quiet(silent),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError,
  });
  await apollo.start();
  return apollo;
}

const copy = <T>(value: T): T => structuredClone(value);
