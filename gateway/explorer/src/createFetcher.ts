import type { Fetcher } from '@graphiql/toolkit';
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-ws/client';
import type { ExplorerConfig } from './config.ts';
import { findToken, type Session } from './session.ts';

/**
 * Sends queries and mutations over HTTP and subscriptions over graphql-ws. The session's token goes along as
 * `authorization` unless the headers editor has one of its own; headers become connectionParams over WebSocket.
 */
export function createFetcher({ endpoint, tokenField }: ExplorerConfig, session: Session): Fetcher {
  return async ({ query, variables, operationName }, { headers: own = {}, documentAST } = {}) => {
    const headers = withToken(own, session.token());
    const operation = documentAST && getOperationAST(documentAST, operationName);
    if (operation?.operation === 'subscription') {
      const client = createClient({
        url: endpoint.replace(/^/, location.origin.replace(/^http/, 'ws')),
        connectionParams: headers,
        shouldRetry: () => true,
      });
      return client.iterate({ query, variables: variables as Record<string, unknown>, operationName });
    }
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query, variables, operationName }),
    });
    const result = await response.json();
    const token = findToken(result.data, tokenField);
    if (token) session.set(token);
    return result;
  };
}

function withToken(own: Record<string, unknown>, token: string | null): Record<string, string> {
  const headers = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]));
  const given = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return token && !given ? { ...headers, authorization: `Bearer ${token}` } : headers;
}
