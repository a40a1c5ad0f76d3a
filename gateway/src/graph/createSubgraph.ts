import type { Logger } from 'pino';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import type { Scope } from '#platform/service/scope.ts';
import { createUpstream, type Upstream } from '../live/createUpstream.ts';
import { createReach } from '../transport/createReach.ts';
import { createSubgraphClient, type SubgraphClient } from '../transport/createSubgraphClient.ts';

/** One subgraph as the gateway reaches it. */
export type Subgraph = {
  name: string;
  url: string;
  /** Queries and mutations, over HTTP. */
  call: SubgraphClient;
  /** Subscriptions, over graphql-ws. */
  upstream: Upstream;
  /** Whether it can be reached at the moment. */
  answers(): Promise<boolean>;
};

export type SubgraphOptions = {
  /** Undefined: calls are not signed. */
  keys: CallKeys | undefined;
  timeoutMs: number;
  log: Logger;
  scope: Scope;
};

/** Opens nothing yet: connections are made as they are needed, and released with the scope. */
export function createSubgraph(name: string, url: string, options: SubgraphOptions): Subgraph {
  const reach = createReach({ name, url, scope: options.scope });
  return {
    name,
    url,
    call: createSubgraphClient({ name, url, reach, ...options }),
    upstream: createUpstream({ name, url, ...options }),
    answers: reach.answers,
  };
}
