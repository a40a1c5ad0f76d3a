import { type WebSocket, WebSocketServer } from 'ws';
import { CURSOR, eventOf } from './graph/createAnswerer.ts';
import { anyProject, projectId } from './queries.ts';

/** The subgraph's side of subscriptions: graphql-transport-ws, events that are ready. */
export type EventSource = {
  sockets: WebSocketServer;
  /** How many are subscribed. */
  readonly size: number;
  /** Sends an event to whoever has subscribed to the project; false when nobody has. */
  send(project: string, cursor: string): boolean;
};

type Subscription = { socket: WebSocket; before: string; after: string };

/** Knows one subscription of tasks a project. */
export function createEventSource(): EventSource {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: ([first]) => first ?? false,
  });
  const subscriptions = new Map<string, Subscription>();
  // What was worked out for one project says what there is to say of any other.
  const templates = new Map<string, Promise<string>>();

  async function subscribe(socket: WebSocket, id: string, { query, variables }: Payload): Promise<() => void> {
    const [project = ''] = JSON.stringify(variables).match(anyProject) ?? [];
    const general = JSON.parse(JSON.stringify(variables).replace(anyProject, projectId(0)));
    const template = templates.get(query) ?? eventOf(query, general);
    templates.set(query, template);
    const payload = (await template).replace(anyProject, project);
    const [before = '', after = ''] = `{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`.split(CURSOR);
    const subscription = { socket, before, after };
    subscriptions.set(project, subscription);
    return () => {
      if (subscriptions.get(project) === subscription) subscriptions.delete(project);
    };
  }

  sockets.on('connection', (socket) => {
    const running = new Map<string, Promise<() => void>>();
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data)) as { type: string; id: string; payload: Payload };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      else if (type === 'ping') socket.send('{"type":"pong"}');
      else if (type === 'subscribe') running.set(id, subscribe(socket, id, payload));
      else if (type === 'complete') void running.get(id)?.then((end) => end());
    });
    socket.on('close', () => {
      for (const one of running.values()) void one.then((end) => end());
    });
    socket.on('error', () => {});
  });

  return {
    sockets,
    get size() {
      return subscriptions.size;
    },
    send(project, cursor) {
      const subscription = subscriptions.get(project);
      subscription?.socket.send(subscription.before + cursor + subscription.after);
      return subscription !== undefined;
    },
  };
}

type Payload = { query: string; variables: Record<string, unknown> };
