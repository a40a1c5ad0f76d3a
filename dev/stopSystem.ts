import type { LocalServer } from './servers/localServer.ts';
import type { ServiceProcess } from './serviceProcess.ts';

/** What has been started so far. */
export type Running = { servers: LocalServer[]; services: ServiceProcess[] };

/** How long the gateway has before the subgraphs, which it may still need to answer what it has accepted, stop as well. */
const gatewayFirstMs = 1500;

/** The gateway, then the subgraphs, then the servers; each is killed if it doesn't end in time. Takes 9 s at most. */
export async function stopAll({ servers, services }: Running): Promise<void> {
  const gateway = services.filter(({ name }) => name === 'gateway').map((service) => service.stop(4500));
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, gatewayFirstMs);
  });
  await Promise.race([Promise.all(gateway), patience]);
  clearTimeout(timer);
  const others = services.filter(({ name }) => name !== 'gateway').map((service) => service.stop(3500));
  await Promise.all([...gateway, ...others]);
  await Promise.all(servers.map((server) => server.stop(3500)));
}

/** SIGKILL to everything. */
export async function killAll({ servers, services }: Running): Promise<void> {
  await Promise.all([...services, ...servers].map((one) => one.kill()));
}
