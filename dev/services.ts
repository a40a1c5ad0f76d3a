import { join } from 'node:path';
import { root } from '#platform/root.ts';
import { databaseUrl } from './databases.ts';
import type { Ports } from './env.ts';
import { callKeysOf, type Secrets } from './secrets.ts';
import { asks, type SubgraphName, subgraphs } from './subgraphs.ts';

/** The processes of the system: the gateway and the subgraphs. */
export const serviceNames = [...subgraphs, 'gateway'] as const;

/** The name of a service. */
export type ServiceName = (typeof serviceNames)[number];

/** Where a service's process begins, relative to the root. */
export const mainOf = (name: ServiceName): string =>
  name === 'gateway' ? 'gateway/src/main.ts' : `subgraphs/${name}/src/main.ts`;

/** Where the servers are, and what the services need to know of each other. */
export type Surroundings = {
  ports: Ports;
  secrets: Secrets;
  /** The admin URL. */
  postgres: string;
  redis: string;
  nats: string;
};

function gatewayEnv({ ports, nats }: Surroundings): Record<string, string> {
  const users = `http://127.0.0.1:${ports.users}`;
  const jwks = '/.well-known/jwks.json';
  const auth = ['POST /auth/refresh', 'POST /auth/logout', 'POST /auth/link/:provider'];
  const pages = ['PAGE /auth/login/:provider', 'PAGE /auth/callback/:provider', 'PAGE /auth/download'];
  return {
    SUPERGRAPH: join(root, 'schema/supergraph.graphql'),
    SUBGRAPH_URLS: subgraphs.map((name) => `${name}=http://127.0.0.1:${ports[name]}/graphql`).join(','),
    JWKS_URL: users + jwks,
    REVOCATIONS_URL: `users@${users}/internal/revocations`,
    REVOCATIONS_NATS_URL: nats,
    PERSONAL_TOKENS_URL: `users@${users}/internal/token`,
    PROXY_ROUTES: [
      `${jwks}=${users}${jwks}`,
      ...[...auth, ...pages].map((route) => `${route}=users@${users}${route.slice(5)}`),
    ].join(','),
    EXPLORER_EXAMPLES: join(root, 'dev/demo/examples.graphql'),
  };
}

function subgraphEnv(name: SubgraphName, { ports, secrets, postgres, nats }: Surroundings): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl(postgres, name, secrets),
    MIGRATE: 'apply',
    NATS_URL: nats,
    ...Object.fromEntries(
      asks[name].map((other) => [`${other.toUpperCase()}_URL`, `http://127.0.0.1:${ports[other]}`]),
    ),
    ...(name === 'users' && {
      DOWNLOAD_URLS: asks.users.map((other) => `${other}=http://127.0.0.1:${ports[other]}`).join(','),
    }),
    APP_URL: `http://localhost:${ports.gateway}`,
    ...(name === 'users' && { ACCESS_TOKEN_KEY: Buffer.from(secrets.accessTokenKey).toString('base64') }),
  };
}

/** The environment of a service in the local system, on top of the one that the start was given. */
export function serviceEnvironment(name: ServiceName, around: Surroundings): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'development',
    // Node >= 22 keeps compiled code there; the packages are large.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compiled'),
    HOST: '127.0.0.1',
    PORT: String(around.ports[name]),
    CALL_KEYS: callKeysOf(around.secrets, name),
    REDIS_URL: around.redis,
    JOBS_REDIS_URL: around.redis,
    ...(name === 'gateway' ? gatewayEnv(around) : subgraphEnv(name, around)),
  };
}
