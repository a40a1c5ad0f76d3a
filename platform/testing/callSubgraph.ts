import { parse } from 'graphql';
import { type CallKeys, parseCallKeys } from '../identity/callKeys.ts';
import { signCall } from '../identity/signCall.ts';
import type { Viewer } from '../identity/viewer.ts';

/** A subgraph's answer, as it came. */
export type SubgraphAnswer<D> = {
  status: number;
  data: D;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [key: string]: unknown } }[];
};

/**
 * Calls a subgraph's /graphql the way the gateway does, signed for `viewer`.
 * `url` is the subgraph's base URL, with or without /graphql.
 */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
export async function callSubgraph<D = any>(call: {
  url: string;
  callee: string;
  viewer?: Viewer | null;
  query: string;
  variables?: Record<string, unknown>;
  caller?: string;
  clientAddress?: string;
  userAgent?: string | undefined;
  keys?: CallKeys;
}): Promise<SubgraphAnswer<D>> {
  const { callee, viewer = null, query, variables, caller = 'gateway', clientAddress = null, userAgent } = call;
  const body = JSON.stringify({ query, variables });
  const mutation = parse(query).definitions.some((part) => 'operation' in part && part.operation === 'mutation');
  const keys = call.keys ?? parseCallKeys(undefined, false);
  const response = await fetch(`${call.url.replace(/\/(graphql)?$/, '')}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signCall({ keys, caller, callee, path: '/graphql', viewer, clientAddress, userAgent, body, mutation }),
    },
    body,
  });
  const answer = (await response.json()) as Omit<SubgraphAnswer<D>, 'status'>;
  return { ...answer, status: response.status };
}
