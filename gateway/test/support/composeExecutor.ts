import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { GraphQLError, type GraphQLFormattedError, parse } from 'graphql';
import pino from 'pino';
import { createMetrics } from '#platform/service/metrics.ts';
import { createExecutor, type PreparedOperation } from '../../src/executor/createExecutor.ts';
import type { Subgraph } from '../../src/graph/createSubgraph.ts';
import type { SubgraphRequest, SubgraphResponse } from '../../src/transport/createSubgraphClient.ts';

/** What a subgraph was asked, and how it answers: its own function, called with the variables. */
export type Asked = { service: string; query: string; variables: Record<string, unknown> };
export type Answers = Record<string, (request: SubgraphRequest, at: number) => unknown>;

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides"])';

/** An executor over subgraphs that are functions: each test says what they answer, right or wrong. */
export function composeExecutor(sdls: Record<string, string>, options: { totalTimeoutMs?: number } = {}) {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(sdls).map(([name, sdl]) => ({
      name,
      typeDefs: parse(`${LINK}\n${sdl}`),
      url: `http://${name}.invalid`,
    })),
  );
  if (!supergraphSdl) throw new Error(String(errors));
  const schema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  const metrics = createMetrics({ service: 'test', defaults: false });
  const asked: Asked[] = [];
  let answers: Answers = {};
  const subgraphs = new Map(
    Object.keys(sdls).map((service) => {
      const call = async (request: SubgraphRequest): Promise<SubgraphResponse> => {
        const at = asked.filter((one) => one.service === service).length;
        asked.push({ service, query: request.query, variables: request.variables ?? {} });
        // As it would come over HTTP.
        return JSON.parse(JSON.stringify(await answers[service]?.(request, at)));
      };
      return [service, { name: service, url: '', call } as unknown as Subgraph];
    }),
  );
  const executor = createExecutor({
    sdl: supergraphSdl,
    schema,
    subgraphs,
    format: (error): GraphQLFormattedError =>
      error instanceof GraphQLError ? error.toJSON() : { message: `accident: ${(error as Error).message}` },
    log: pino({ level: 'silent' }),
    metrics,
    ...options,
  });

  return {
    schema,
    metrics,
    prepare: (query: string): PreparedOperation => executor.prepare(parse(query), undefined),
    /** Runs an operation, which has to be compiled. Returns the response and what the subgraphs were asked. */
    async run(query: string, how: Answers, variables: Record<string, unknown> = {}) {
      answers = how;
      asked.length = 0;
      const prepared = executor.prepare(parse(query), undefined);
      if (!prepared.compiled) throw new Error(`not compiled: ${prepared.reason}`);
      const answer = await prepared.execute({ variables, caller: { viewer: null, clientAddress: null } });
      return { text: answer.text, ...JSON.parse(answer.text), status: answer.status, asked: [...asked] };
    },
    /** Answers an event of a subscription. */
    async event(query: string, event: unknown, how: Answers = {}, variables: Record<string, unknown> = {}) {
      answers = how;
      asked.length = 0;
      const prepared = executor.prepare(parse(query), undefined);
      if (!prepared.compiled) throw new Error(`not compiled: ${prepared.reason}`);
      const { text } = await prepared.executeEvent(event as SubgraphResponse, {
        variables,
        caller: { viewer: null, clientAddress: null },
      });
      return { ...JSON.parse(text), asked: [...asked] };
    },
  };
}
