import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import { signedOperation } from '#platform/live/serveSubscriptions.ts';

const query = `subscription ($after: String) { notificationReceived(after: $after) {
  cursor notification { id title kind task { id } actor { id } createdAt readAt }
} }`;

/** One event of the subscription, as a client sees it. */
export type Received = { cursor: string; notification: { id: string; title: string } };

/** What came over an open subscription. */
export type Subscribed = {
  received: Received[];
  codes: string[];
  /** Resolves when the server has ended it, or refused it. */
  ended: Promise<void>;
  close(): Promise<void>;
};

/** Opens notificationReceived as the gateway does: over graphql-ws, each operation signed unless `signed` is false. */
export function subscribe(
  url: string,
  viewer: Viewer | null,
  { after, signed = true }: { after?: string; signed?: boolean } = {},
): Subscribed {
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const variables = after === undefined ? {} : { after };
  const body = signedOperation({ query, variables });
  const keys = parseCallKeys(undefined, false);
  const to = {
    keys,
    caller: 'gateway',
    callee: 'notifications',
    path: '/graphql',
    clientAddress: null,
    mutation: false,
  };
  const extensions = signed ? { call: signCall({ ...to, viewer, body }) } : {};
  const received: Received[] = [];
  const codes: string[] = [];
  const stream = client.iterate<{ notificationReceived: Received }>({ query, variables, extensions });
  const fail = (errors: unknown) => {
    const list = Array.isArray(errors) ? errors : [errors];
    codes.push(...list.map((error) => error.extensions?.code ?? String(error)));
  };
  const ended = (async () => {
    try {
      for await (const { data, errors } of stream) {
        if (errors) fail(errors);
        if (data) received.push(data.notificationReceived);
      }
    } catch (error) {
      fail(error);
    }
  })();
  return {
    received,
    codes,
    ended,
    async close() {
      await stream.return?.();
      await client.dispose();
      await ended;
    },
  };
}
