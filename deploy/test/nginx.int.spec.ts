import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type WebSocket, WebSocketServer, WebSocket as WsClient } from 'ws';
import { describeWith, freePort, waitFor } from '#platform/testing/index.ts';
import { createClientAddress } from '../../gateway/src/clientAddress.ts';
import { startNameServer, startNginx } from './startNginx.ts';

/** Stands where a gateway replica does: tells which one it is and what of the request arrived. */
type Replica = { address: string; server: Server; sockets: WebSocketServer };

// Only there all of 127.0.0.0/8 is this machine.
const program = process.platform === 'linux' ? 'nginx' : 'nginx on Linux';

describeWith(program, 'nginx in front of two replicas', () => {
  const clientAddress = createClientAddress(['127.0.0.1']);
  let port: number;
  let replicaPort: number;
  let replicas: Replica[];
  /** What has arrived at any replica, in its order. */
  const seen: IncomingMessage[] = [];
  let alive: string[];
  let names: Awaited<ReturnType<typeof startNameServer>>;
  let nginx: Awaited<ReturnType<typeof startNginx>>;

  async function startReplica(address: string): Promise<Replica> {
    const server = createServer((incoming, response) => {
      seen.push(incoming);
      incoming.resume().on('end', () => response.end(address));
    });
    const sockets = new WebSocketServer({ server, path: '/graphql', handleProtocols: () => 'graphql-transport-ws' });
    sockets.on('connection', (socket: WebSocket, incoming) => {
      seen.push(incoming);
      socket.on('message', (message) => socket.send(`${address} heard ${message}`));
    });
    await new Promise<void>((resolve) => server.listen(replicaPort, address, resolve));
    return { address, server, sockets };
  }

  /** Ends a replica, and what is still open to it. */
  async function end({ server, sockets }: Replica): Promise<void> {
    for (const socket of sockets.clients) socket.terminate();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  function ask(
    path: string,
    options: { method?: string; headers?: Record<string, string>; from?: string; body?: string } = {},
  ) {
    const { method = 'GET', headers, from = '127.0.0.1', body } = options;
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request(
        { port, host: '127.0.0.1', path, method, headers, localAddress: from, agent: false },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => {
            text += chunk;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  beforeAll(async () => {
    [port, replicaPort] = [await freePort(), await freePort()];
    replicas = await Promise.all(['127.0.0.2', '127.0.0.3'].map(startReplica));
    alive = replicas.map(({ address }) => address);
    names = await startNameServer(() => alive);
    nginx = await startNginx({
      NGINX_LOCAL_RESOLVERS: `127.0.0.1:${names.port}`,
      ENTRANCE_PORT: `127.0.0.1:${port}`,
      GATEWAY: `gateway.internal:${replicaPort}`,
    });
    await waitFor(() =>
      ask('/').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });

  afterAll(async () => {
    await nginx?.stop();
    names?.close();
    await Promise.all((replicas ?? []).map(end));
  });

  it('shares requests out', async () => {
    const answers = new Set<string>();
    await waitFor(async () => answers.add((await ask('/graphql', { method: 'POST', body: '{}' })).text).size === 2);
    expect([...answers].sort()).toEqual(alive);
  });

  it('tells the gateway where a request comes from, whatever the client claims', async () => {
    await ask('/graphql', { from: '127.0.0.9', headers: { 'x-forwarded-for': '198.51.100.7' } });
    const { headers, socket } = seen.at(-1) ?? fail();
    expect(headers['x-forwarded-for']).toBe('198.51.100.7, 127.0.0.9');
    expect(headers['x-forwarded-proto']).toBe('http');
    expect(headers.host).toBe(`127.0.0.1:${port}`);
    expect(headers.connection ?? '').not.toMatch(/upgrade/i);
    // nginx reaches a replica from the loopback address of that replica.
    expect(clientAddress({ headers, socket: { ...socket, remoteAddress: '127.0.0.1' } as typeof socket })).toBe(
      '127.0.0.9',
    );
  });

  it('lets a WebSocket through, with its subprotocol', async () => {
    const socket = new WsClient(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      localAddress: '127.0.0.9',
    });
    const heard: string[] = [];
    socket.on('message', (message) => heard.push(String(message)));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    expect(socket.protocol).toBe('graphql-transport-ws');
    expect((seen.at(-1) ?? fail()).headers['x-forwarded-for']).toBe('127.0.0.9');
    for (const word of ['one', 'two']) socket.send(word);
    await waitFor(() => heard.length === 2);
    expect(heard).toEqual([expect.stringMatching(/heard one$/), expect.stringMatching(/heard two$/)]);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close();
    await closed;
  });

  it('leaves the limit of a body to the gateway, up to a limit of its own', async () => {
    expect((await ask('/graphql', { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024) })).status).toBe(200);
    expect((await ask('/graphql', { method: 'POST', body: 'x'.repeat(5 * 1024 * 1024) })).status).toBe(413);
  });

  it('keeps probes and figures inside', async () => {
    expect((await ask('/metrics')).status).toBe(404);
    expect((await ask('/livez')).status).toBe(404);
    expect((await ask('/readyz', { from: '127.0.0.9' })).status).toBe(403);
    expect((await ask('/readyz')).status).toBe(200);
  });

  it('goes on without a replica that has gone, at once, and finds one that comes back', async () => {
    const [first, second] = replicas as [Replica, Replica];
    await end(first);
    for (let i = 0; i < 6; i++) {
      expect(await ask('/graphql', { method: 'POST', body: '{}' })).toEqual({ status: 200, text: second.address });
    }
    // The name server notices too; then the replica comes back at another address.
    alive = [second.address, '127.0.0.4'];
    const third = await startReplica('127.0.0.4');
    replicas.push(third);
    await waitFor(async () => (await ask('/graphql')).text === third.address, { timeoutMs: 15_000 });
  }, 30_000);
});

function fail(): never {
  throw new Error('No request has arrived');
}
