import { join } from 'node:path';
import type { DevEnv } from './env.ts';
import type { Secrets } from './secrets.ts';
import { assertReachable } from './servers/assertReachable.ts';
import type { Exit } from './servers/childProcess.ts';
import { findServers } from './servers/findBinary.ts';
import type { LocalServer } from './servers/localServer.ts';
import { natsServer } from './servers/nats.ts';
import { postgresServer } from './servers/postgres.ts';
import { redisServer } from './servers/redis.ts';
import { type Step, stepTitles } from './steps.ts';

/** What the services stand on. A server is missing here when its URL was given. */
export type Servers = {
  urls: { postgres: string; redis: string; nats: string };
  local: { postgres?: LocalServer; redis?: LocalServer; nats?: LocalServer };
};

type Options = Pick<DevEnv, 'ports' | 'given' | 'dataDir'> & {
  secrets: Secrets;
  step: Step;
  /** Aborted when the start is given up. */
  signal: AbortSignal;
  /** Called with each server before it starts, so that whoever stops knows of it. */
  onLaunch: (server: LocalServer) => void;
  onExit: (name: string, exit: Exit) => void;
};

const ways = { PATH: 'found on PATH', packages: "the distribution's package, unpacked in .data" } as const;

/** Starts the servers that aren't given, all at once, and resolves when they answer. */
export async function startLocalServers(options: Options): Promise<Servers> {
  const { ports, given, dataDir, secrets, step, signal, onLaunch, onExit } = options;
  const logFile = (name: string) => join(dataDir, 'logs', `${name}.log`);
  const start = async (server: LocalServer) => {
    onLaunch(server);
    await server.start();
    return server;
  };

  const postgres = step(stepTitles.postgres, async (say) => {
    if (given.postgres) {
      await assertReachable('POSTGRES_URL', given.postgres);
      say('given by POSTGRES_URL');
      return undefined;
    }
    const server = await postgresServer({
      dataDir: join(dataDir, 'postgres'),
      port: ports.postgres,
      password: secrets.postgresPassword,
      logFile: logFile('postgres'),
      use: 'development',
      onExit: (exit) => onExit('postgres', exit),
    });
    say(server.created ? 'new cluster' : '');
    return start(server);
  });

  const env = { ...process.env, REDIS_URL: given.redis, NATS_URL: given.nats };
  const found = findServers(['redis', 'nats'], { env, packagesDir: join(dataDir, 'packages'), signal });
  const other = (name: 'redis' | 'nats', title: string, make: typeof redisServer) =>
    step(title, async (say) => {
      const where = (await found)[name];
      if ('url' in where) {
        await assertReachable(`${name.toUpperCase()}_URL`, where.url);
        say(`given by ${name.toUpperCase()}_URL`);
        return undefined;
      }
      say([ways[where.from], ...(where.passedOver ?? [])].join('; '));
      const place = { binary: where, dataDir: join(dataDir, name), port: ports[name], logFile: logFile(name) };
      return start(make({ ...place, onExit: (exit) => onExit(name, exit) }));
    });
  const settled = await Promise.allSettled([
    postgres,
    other('redis', stepTitles.redis, redisServer),
    other('nats', stepTitles.nats, natsServer),
  ]);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  const [pg, redis, nats] = settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  return {
    local: { postgres: pg, redis, nats },
    urls: {
      postgres: given.postgres ?? (pg as LocalServer).url,
      redis: given.redis ?? (redis as LocalServer).url,
      nats: given.nats ?? (nats as LocalServer).url,
    },
  };
}
