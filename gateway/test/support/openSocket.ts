import { WebSocket } from 'ws';
import type { Scope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads what came
type Message = { type: string; id?: string; payload?: any };

/** A graphql-ws client that hides nothing: what was sent, what came, and how it was closed. */
export type TestSocket = {
  raw: WebSocket;
  messages: Message[];
  closed: { code: number; reason: string } | undefined;
  send(message: unknown): void;
  /** Sends connection_init and waits for the acknowledgement. */
  init(payload?: Record<string, unknown>): Promise<void>;
  subscribe(id: string, query: string, rest?: Record<string, unknown>): void;
  /** The next message of an operation that hasn't been asked for yet. */
  next(id: string): Promise<Message>;
  waitForClose(): Promise<{ code: number; reason: string }>;
};

export async function openSocket(
  url: string,
  scope: Scope,
  { protocol = 'graphql-transport-ws', path = '/graphql' }: { protocol?: string; path?: string } = {},
): Promise<TestSocket> {
  const raw = new WebSocket(url.replace(/^http/, 'ws') + path, protocol);
  scope.defer('socket', () => raw.terminate());
  const messages: Message[] = [];
  const read = new Map<string, number>();
  const socket: TestSocket = {
    raw,
    messages,
    closed: undefined,
    send: (message) => raw.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async init(payload) {
      socket.send({ type: 'connection_init', payload });
      await waitFor(() => messages.some(({ type }) => type === 'connection_ack'));
    },
    subscribe: (id, query, rest = {}) => socket.send({ type: 'subscribe', id, payload: { query, ...rest } }),
    async next(id) {
      const at = read.get(id) ?? 0;
      read.set(id, at + 1);
      return waitFor(() => messages.filter((message) => message.id === id)[at]);
    },
    waitForClose: () => waitFor(() => socket.closed),
  };
  raw.on('message', (data) => messages.push(JSON.parse(String(data))));
  raw.on('close', (code, reason) => {
    socket.closed = { code, reason: String(reason) };
  });
  await new Promise((resolve, reject) => {
    raw.once('open', resolve);
    raw.once('error', reject);
  });
  raw.on('error', () => {});
  return socket;
}
