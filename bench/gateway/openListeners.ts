import { WebSocket } from 'ws';
import { projectId, subscription } from './queries.ts';

/** Clients of a gateway, each with one socket and one subscription, to a project of its own. */
export type Listeners = {
  projects: string[];
  /** Calls back with the cursor of each event that comes to the project; the whole message beside it. */
  onEvent(heard: (project: string, cursor: string, message: string) => void): void;
  close(): Promise<void>;
};

/** Opens `count` sockets, some at a time, and subscribes on each; the subgraph may hear of it a moment later. */
export async function openListeners(options: {
  url: string;
  headers: Readonly<Record<string, string>>;
  count: number;
}): Promise<Listeners> {
  const projects = Array.from({ length: options.count }, (_, number) => projectId(number));
  const sockets: WebSocket[] = [];
  let heard: Parameters<Listeners['onEvent']>[0] = () => {};
  const atOnce = 50;
  for (let from = 0; from < projects.length; from += atOnce) {
    const some = projects
      .slice(from, from + atOnce)
      .map((project) => open({ ...options, project, hear: (cursor, message) => heard(project, cursor, message) }));
    sockets.push(...(await Promise.all(some)));
  }
  return {
    projects,
    onEvent(listener) {
      heard = listener;
    },
    async close() {
      await Promise.all(
        sockets.map((socket) => new Promise((resolve) => socket.off('close', fail).once('close', resolve).close(1000))),
      );
    },
  };
}

/** A socket that the bench has not closed: nothing of what is measured would be true. */
function fail(code: number, reason: Buffer): void {
  throw new Error(`the gateway has closed a socket with ${code} ${reason}`);
}

function open(options: {
  url: string;
  headers: Readonly<Record<string, string>>;
  project: string;
  hear(cursor: string, message: string): void;
}): Promise<WebSocket> {
  const { url, headers, project, hear } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
    socket.on('error', reject).on('close', fail);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: headers })));
    socket.on('message', (data) => {
      const message = String(data);
      const at = message.indexOf('"cursor":"');
      if (at > 0) return hear(message.slice(at + 10, message.indexOf('"', at + 10)), message);
      const { type } = JSON.parse(message);
      if (type === 'connection_ack') {
        const payload = { query: subscription, variables: { id: project } };
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        resolve(socket);
      } else if (type !== 'ping' && type !== 'pong') throw new Error(`the gateway says ${message}`);
    });
  });
}
