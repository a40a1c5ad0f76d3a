import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import { signedOperation } from '#platform/live/serveSubscriptions.ts';

/** The viewer's notifications. */
export const notificationReceived = `subscription ($after: String) { notificationReceived(after: $after) {
  cursor notification { id title kind task { id } actor { id } createdAt readAt }
} }`;

/** One event of notificationReceived, as a client sees it. */
export type Received = { cursor: string; notification: { id: string; title: string } };

/** A subscription of one field. */
export type Operation = { query: string; variables: Record<string, unknown>; signed?: boolean | undefined };

/** What came over an open subscription. */
export type Subscribed<Event> = {
  received: Event[];
  codes: string[];
  /** Resolves when the server has ended it, or refused it. */
  ended: Promise<void>;
  close(): Promise<void>;
};

/** Opens a subscription as the gateway does: over graphql-ws, each operation signed unless `signed` is false. */
export function subscribe<Event>(
  url: string,
  viewer: Viewer | null,
  { query, variables, signed = true }: Operation,
): Subscribed<Event> {
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
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
  const received: Event[] = [];
  const codes: string[] = [];
  const stream = client.iterate<Record<string, Event>>({ query, variables, extensions });
  const fail = (errors: unknown) => {
    const list = Array.isArray(errors) ? errors : [errors];
    codes.push(...list.map((error) => error.extensions?.code ?? String(error)));
  };
  const ended = (async () => {
    try {
      for await (const { data, errors } of stream) {
        if (errors) fail(errors);
        if (data) received.push(...Object.values(data));
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
