import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from '#platform/service/scope.ts';

/** What lies between the gateway and a subgraph, and can be cut: to the gateway it is as if the process had been killed. */
export type Cable = {
  /** Where the subgraph is, over the cable. */
  url: string;
  /** Breaks all connections at once, and lets nobody in until it is mended. */
  cut(): void;
  mend(): void;
};

export async function startCable(to: string, scope: Scope): Promise<Cable> {
  const target = new URL(to);
  const open = new Set<Socket>();
  let broken = false;
  const server = createServer((near) => {
    if (broken) return void near.resetAndDestroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    broken = true;
    for (const socket of open) socket.resetAndDestroy();
  };
  scope.defer('cable', () => {
    cut();
    return new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    cut,
    mend() {
      broken = false;
    },
  };
}
