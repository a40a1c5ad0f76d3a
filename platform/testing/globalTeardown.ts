import { rmSync } from 'node:fs';
import type { LocalServer } from '#dev/servers/localServer.ts';

const key = Symbol.for('taskgraph.tests');
type Store = { [key]?: { server: LocalServer; folder: string }[] };

/** Has a server stopped and its folder removed after the last test. Jest loads setup and teardown apart, hence a global. */
export function stopAtTeardown(server: LocalServer, folder: string): void {
  const store = globalThis as Store;
  store[key] ??= [];
  store[key].push({ server, folder });
}

/** After the integration tests. */
export default async function globalTeardown(): Promise<void> {
  for (const { server, folder } of (globalThis as Store)[key] ?? []) {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
