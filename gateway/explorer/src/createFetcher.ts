import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { createClient } from 'graphql-ws/client';
import type { ExplorerConfig } from './config.ts';
import { findToken, type Session } from './session.ts';

/**
 * Sends queries and mutations over HTTP and subscriptions over graphql-ws. The session's token goes along as
 * `authorization` unless the headers editor has one of its own; headers become connectionParams over WebSocket.
 */
export function createFetcher({ endpoint, tokenField }: ExplorerConfig, session: Session): Fetcher {
  async function post(params: FetcherParams, headers: Record<string, string>): Promise<Response> {
    return fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(params),
    });
  }

  return async ({ query, variables, operationName }, { headers: own = {} } = {}) => {
    const operation = operationOf(query, operationName);
    const params = { query, variables, operationName: operation ? operation.name?.value : operationName };
    const given = asStrings(own);
    const token = hasAuthorization(given) ? null : session.token();
    const headers = token ? { ...given, authorization: `Bearer ${token}` } : given;
    if (operation?.operation === 'subscription') {
      const url = location.origin.replace(/^http/, 'ws') + endpoint;
      return createClient({ url, connectionParams: headers, shouldRetry: () => true }).iterate(params);
    }
    let response = await post(params, headers);
    if (response.status === 401 && token) {
      // The server knows this token no longer (other keys, other data). It has done nothing yet, so ask without it.
      session.set(null);
      response = await post(params, given);
    }
    const result = await response.json();
    const found = findToken(result.data, tokenField);
    if (found) session.set(found);
    return result;
  };
}

/**
 * The operation of a document to run. GraphiQL reads a document with a delay, so what it says right after a change of tabs
 * belongs to the tab before: a document with one operation means that one.
 */
function operationOf(query: string, operationName: string | null | undefined): OperationDefinitionNode | undefined {
  try {
    const operations = parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    return (
      operations.find(({ name }) => name?.value === operationName) ??
      (operations.length === 1 ? operations[0] : undefined)
    );
  } catch {
    // The server says what is wrong with it, and where.
    return undefined;
  }
}

function asStrings(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function hasAuthorization(headers: Record<string, string>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}
