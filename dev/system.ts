import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSupergraph } from '#schema/compose.ts';
import { buildServices } from './build.ts';
import { databaseUrl, prepareDatabases } from './databases.ts';
import { ensureExplorer } from './ensureExplorer.ts';
import { type DevEnv, defaultPorts, type PortName, portVariable } from './env.ts';
import { startLocalServers } from './localServers.ts';
import { ensurePrismaClients } from './prismaClients.ts';
import { loadSecrets } from './secrets.ts';
import type { Exit } from './servers/childProcess.ts';
import type { LocalServer } from './servers/localServer.ts';
import { assertPortsFree } from './servers/ports.ts';
import { type ServiceProcess, serviceProcess } from './serviceProcess.ts';
import { type ServiceName, type Surroundings, serviceEnvironment, serviceNames } from './services.ts';
import { type Step, silently, stepTitles } from './steps.ts';
import { killAll, type Running, stopAll } from './stopSystem.ts';
import { requireParts } from './subgraphParts.ts';
import { type SubgraphName, subgraphs } from './subgraphs.ts';
import { together } from './together.ts';

/** What a start of the whole system takes. */
export type SystemOptions = Pick<DevEnv, 'ports' | 'dataDir'> & {
  /** Servers that run already. */
  given?: DevEnv['given'];
  /** Which services; all unless given. */
  services?: readonly ServiceName[];
  /** More environment for a service. */
  env?: Partial<Record<ServiceName, NodeJS.ProcessEnv>>;
  /** Each line that a service writes (JSON, as pino writes it). */
  log?: (service: string, line: string) => void;
  step?: Step;
  /** Called when a service or a server ends that nobody has stopped. */
  onExit?: (name: string, exit: Exit) => void;
  /** When it is aborted while the system starts, the start is given up and what runs is stopped. */
  signal?: AbortSignal;
};

/** The running system. */
export type System = {
  urls: {
    /** The gateway's GraphQL over HTTP. */
    graphql: string;
    /** The gateway's GraphQL over WebSocket. */
    subscriptions: string;
    /** The explorer. */
    explorer: string;
    services: Record<ServiceName, string>;
    databases: Record<SubgraphName, string>;
    postgres: string;
    redis: string;
    nats: string;
  };
  /** The local servers, to stop, kill and start them; absent when a URL was given. */
  servers: { postgres?: LocalServer; redis?: LocalServer; nats?: LocalServer };
  /** Services first (the gateway before the subgraphs), then the servers; each is killed if it doesn't end in time. 9 s at most. */
  stop(): Promise<void>;
  /** SIGKILL to everything. */
  kill(): Promise<void>;
  isRunning(name: ServiceName): boolean;
  /** The process of a running service: tests pause it, and see that it is still the same. */
  pid(name: ServiceName): number | undefined;
  stopService(name: ServiceName): Promise<void>;
  killService(name: ServiceName): Promise<void>;
  /** Starts a stopped service on its old port, with the code as it was built last. Resolves when it is ready. */
  startService(name: ServiceName): Promise<void>;
};

/**
 * Brings the whole system up: servers, databases, the supergraph, services. Resolves when every service is ready.
 * If something fails, what has been started is stopped before it rejects.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const running: Running = { servers: [], services: [] };
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  // What waits for a server or a service to answer fails as soon as that is stopped, and with it the start.
  const giveUp = () => void stopAll(running);
  signal.addEventListener('abort', giveUp);
  try {
    return await start(options, running, failed, signal);
  } catch (error) {
    await stopAll(running);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function start(
  options: SystemOptions,
  running: Running,
  failed: AbortController,
  signal: AbortSignal,
): Promise<System> {
  const { ports, dataDir, given = {}, services: names = serviceNames, step = silently } = options;
  const onExit = (name: string, exit: Exit) => options.onExit?.(name, exit);
  requireParts();
  await step(stepTitles.ports, () => checkPorts(ports, given, names));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secrets = loadSecrets(join(dataDir, 'secrets.json'));

  const prepare = async () => {
    await step(stepTitles.prisma, async (say) => say(await ensurePrismaClients()));
    await step(stepTitles.schema, async () => void (await writeSupergraph()));
    await step(stepTitles.build, async () => void (await buildServices(names)));
  };
  const prepareServers = async () => {
    const onLaunch = (server: LocalServer) => {
      signal.throwIfAborted();
      running.servers.push(server);
    };
    const started = await startLocalServers({ ports, given, dataDir, secrets, step, signal, onLaunch, onExit });
    await step(stepTitles.databases, async (say) => {
      const { created } = await prepareDatabases(started.urls.postgres, secrets);
      if (created) say(`${created} new`);
    });
    return started;
  };
  const explorer = names.includes('gateway')
    ? step(stepTitles.explorer, async (say) => say(await ensureExplorer(signal)))
    : Promise.resolve();
  // The services don't need it to start; if it fails before they do, that is found below.
  explorer.catch(() => failed.abort());
  const [servers] = await together(failed, [prepareServers(), prepare()]);
  signal.throwIfAborted();

  const around: Surroundings = { ports, secrets, ...servers.urls };
  const services = new Map(
    names.map((name) => [
      name,
      serviceProcess({
        name,
        port: ports[name],
        env: () => ({ ...serviceEnvironment(name, around), ...options.env?.[name] }),
        logFile: join(dataDir, 'logs', `${name}.log`),
        onLine: (line) => options.log?.(name, line),
        onExit: (exit) => onExit(name, exit),
      }),
    ]),
  );
  running.services.push(...services.values());
  const starts = running.services.map((one) => step(stepTitles.service(one.name), () => one.start()));
  await together(failed, [explorer, ...starts]);
  signal.throwIfAborted();

  const service = (name: ServiceName): ServiceProcess => {
    const found = services.get(name);
    if (!found) throw new Error(`${name} is not part of this system`);
    return found;
  };
  const at = <N extends string>(of: readonly N[], url: (name: N) => string) =>
    Object.fromEntries(of.map((name) => [name, url(name)])) as Record<N, string>;
  return {
    urls: {
      graphql: `http://localhost:${ports.gateway}/graphql`,
      subscriptions: `ws://localhost:${ports.gateway}/graphql`,
      explorer: `http://localhost:${ports.gateway}/`,
      services: at(serviceNames, (name) => `http://127.0.0.1:${ports[name]}`),
      databases: at(subgraphs, (name) => databaseUrl(servers.urls.postgres, name, secrets)),
      ...servers.urls,
    },
    servers: servers.local,
    stop: () => stopAll(running),
    kill: () => killAll(running),
    isRunning: (name) => service(name).pid() !== undefined,
    pid: (name) => service(name).pid(),
    stopService: (name) => service(name).stop(),
    killService: (name) => service(name).kill(),
    startService: (name) => service(name).start(),
  };
}

async function checkPorts(
  ports: DevEnv['ports'],
  given: DevEnv['given'],
  services: readonly ServiceName[],
): Promise<void> {
  const servers = (['postgres', 'redis', 'nats'] as const).filter((name) => !given[name]);
  const needed: PortName[] = [...servers, ...services];
  await assertPortsFree(
    needed.map((name) => {
      const port = ports[name];
      return { name, port, variable: portVariable(name), chosen: port !== defaultPorts[name] };
    }),
  );
}
