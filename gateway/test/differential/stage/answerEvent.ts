import type { FetchNode } from '@apollo/query-planner';
import type { Caller } from '../../../src/context.ts';
import type { PreparedOperation } from '../../../src/executor/createExecutor.ts';
import type { SubgraphClient } from '../../../src/transport/createSubgraphClient.ts';
import type { Case } from './createStage.ts';

/** How a subscription is served: whose it is, and who completes its events. */
type Serving = {
  clients: ReadonlyMap<string, SubgraphClient>;
  primary: FetchNode | undefined;
  executeEvent: PreparedOperation['executeEvent'];
};

/**
 * Has the owning subgraph make an event, as it would answer a query of the same fields, and completes it.
 * @throws NoEvent when the subgraph fails in a way in which an event can't
 */
export async function answerEvent(serving: Serving, run: Case, caller: Caller): Promise<string> {
  const { clients, primary, executeEvent } = serving;
  if (!primary) throw new Error('it is no subscription');
  const variables = structuredClone(run.variables);
  const usages = Object.entries(variables).filter(([name]) => primary.variableUsages?.includes(name));
  const request = { query: primary.operation, variables: Object.fromEntries(usages), mutation: false };
  const event = await clients.get(primary.serviceName)?.(request, caller).catch(noEvent);
  if (!event?.data) throw new NoEvent();
  return (await executeEvent(event, { variables, caller })).text;
}

/** A subgraph that is away sends no event, and one without data is no event to complete. */
export class NoEvent extends Error {}

function noEvent(): undefined {
  return undefined;
}
