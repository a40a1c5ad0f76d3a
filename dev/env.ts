import { resolve } from 'node:path';
import { z } from 'zod';
import { root } from '#platform/root.ts';
import { subgraphPorts } from './subgraphs.ts';

const port = (name: string, value: number) =>
  z.coerce.number().int().min(1).max(65535).default(value).describe(`Port of ${name}, on the loopback interface`);

/** GATEWAY_PORT, USERS_PORT …: the variable that chooses where something listens. */
export const portVariable = (name: string): string => `${name.toUpperCase()}_PORT`;

/** The services of the system and their usual ports: the gateway's 4000, then the subgraphs' in their order. */
export const defaultPorts = {
  gateway: 4000,
  ...subgraphPorts,
  postgres: 15432,
  redis: 16379,
  nats: 14222,
};

/** What listens somewhere when the system runs. */
export type PortName = keyof typeof defaultPorts;

/** A port for each. */
export type Ports = Record<PortName, number>;

/** The variables of `npm start` and `npm run dev`. Services also get the rest of the environment (LOG_LEVEL, SMTP_URL …). */
export const devEnvSchema = z.object({
  ...(Object.fromEntries(
    Object.entries(defaultPorts).map(([name, value]) => [portVariable(name), port(name, value)]),
  ) as Record<string, ReturnType<typeof port>>),
  POSTGRES_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A running Postgres instead of a local one: a login that may create roles and databases'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('A running Redis (noeviction) instead of a local one'),
  NATS_URL: z
    .url({ protocol: /^(nats|tls)$/ })
    .optional()
    .describe('A running NATS with JetStream instead of a local one'),
  DATA_DIR: z.string().default('.data').describe('Where data, secrets and logs are kept'),
});

/** What a start is told by its environment. */
export type DevEnv = {
  ports: Ports;
  given: { postgres?: string; redis?: string; nats?: string };
  /** Absolute. */
  dataDir: string;
};

/** The checked variables of {@link devEnvSchema} in the shape that a system takes. */
export function toDevEnv(env: z.output<typeof devEnvSchema>): DevEnv {
  const values = env as Record<string, unknown>;
  const ports = Object.fromEntries(
    Object.keys(defaultPorts).map((name) => [name, values[portVariable(name)]]),
  ) as unknown as Ports;
  return {
    ports,
    given: { postgres: env.POSTGRES_URL, redis: env.REDIS_URL, nats: env.NATS_URL },
    dataDir: resolve(root, env.DATA_DIR),
  };
}
