import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Supergraph } from '@apollo/federation-internals';
import { GraphQLError, Kind, parse, validate } from 'graphql';
import { createLogger } from '#platform/logger.ts';
import { createExecutor } from '../executor/createExecutor.ts';
import type { Subgraph } from '../graph/createSubgraph.ts';
import { loadSupergraph } from '../graph/loadSupergraph.ts';
import { type Explanation, explainOperation } from './explainOperation.ts';

const USAGE = 'explain <operation file> [--operation name] [--supergraph file]';

/**
 * `explain`: prints how the operations of a file are executed, or one of them. The supergraph is SUPERGRAPH's unless another is given;
 * no subgraph is asked anything.
 *
 * @throws Error in one clear sentence
 */
export function runExplain(args: string[], supergraphFile: string, print: (text: string) => void): void {
  const { values, positionals } = parseArgs({
    args,
    options: { operation: { type: 'string' }, supergraph: { type: 'string' } },
    allowPositionals: true,
  });
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new Error(USAGE);
  const { sdl } = loadSupergraph(values.supergraph ?? supergraphFile, new Map());
  const supergraph = Supergraph.build(sdl);
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const document = parse(readFileSync(file, 'utf8'));
  const problems = validate(schema, document);
  if (problems.length > 0) throw new Error(problems.map((problem) => String(problem)).join('\n\n'));
  const names = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : [],
  );
  const wanted = values.operation === undefined ? names : names.filter((name) => name === values.operation);
  if (wanted.length === 0) throw new Error(`${file} has no operation${values.operation ? ` ${values.operation}` : ''}`);
  const call = () => Promise.reject(new Error('a plan is explained, not run'));
  const subgraphs = new Map(
    supergraph.subgraphsMetadata().map(({ name, url }) => [name, { name, url, call } as unknown as Subgraph]),
  );
  const format = (error: unknown) => (error instanceof GraphQLError ? error.toJSON() : { message: String(error) });
  const log = createLogger({ service: 'gateway', level: 'error' });
  const executor = createExecutor({ sdl, schema, subgraphs, format, log });
  for (const name of wanted) print(show(name, explainOperation(executor.prepare(document, name))));
}

function show(name: string | undefined, { plan, fetches, compiled, reason }: Explanation): string {
  const lines = fetches.map(({ service, path, operation, variables, requires }, at) => [
    `${at + 1}. ${service}${path ? ` at ${path}` : ''}`,
    `   ${operation}`,
    ...(variables.length > 0 ? [`   variables: ${variables.join(', ')}`] : []),
    ...(requires ? [`   requires: ${requires}`] : []),
  ]);
  const how = compiled ? 'compiled' : `not compiled (${reason}): @apollo/gateway's executor runs it`;
  return [name ?? 'an operation without a name', how, '', plan, '', ...lines.flat(), ''].join('\n');
}
