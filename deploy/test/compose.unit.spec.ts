import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { defaultPorts } from '#dev/env.ts';
import { migrateEnvSchema } from '#dev/migrate.ts';
import { callPairs as pairs, subgraphs } from '#dev/subgraphs.ts';
import { describeEnv, parseEnv } from '#platform/env.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { root } from '#platform/root.ts';
import { parseEnvFile, renderEnvFile } from '../envFile.ts';
import { loadEnvSchemas } from '../envSchemas.ts';
import { readCompose, variablesOfCompose } from './readCompose.ts';

const schemas = await loadEnvSchemas();
const example = readFileSync(join(root, 'deploy/env.example'), 'utf8');
const envFile = renderEnvFile(example, pairs);
const variables = parseEnvFile(envFile);
const { services, networks, volumes } = readCompose(variables);
const servers = ['nginx', 'logins', 'postgres', 'redis', 'redis-live', 'nats'];
const serviceNames = [...schemas.keys()];

const service = (name: string) => {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};
const environmentOf = (name: string) => service(name).environment ?? {};

it('has a service for the gateway and each subgraph, a migration for each subgraph, and the servers', () => {
  const migrations = subgraphs.map((name) => `migrate-${name}`);
  expect(Object.keys(services).sort()).toEqual([...serviceNames, ...migrations, ...servers].sort());
  expect(service('gateway').deploy?.replicas).toBe(2);
  expect(service('postgres').image).toBe('postgres:18');
  expect(service('redis').image).toBe('redis:8');
  expect(service('redis-live').image).toBe('redis:8');
  expect(service('nats').image).toMatch(/^nats:2\.12/);
});

describe.each(serviceNames)('%s', (name) => {
  const schema = schemas.get(name) ?? never();
  const known = describeEnv(schema);
  const environment = environmentOf(name);

  it('is built from the one Dockerfile, as this service', () => {
    expect(service(name).build).toEqual({ context: '.', dockerfile: 'deploy/Dockerfile', args: { SERVICE: name } });
    expect(service(name).image).toBe(`taskgraph-${name}`);
  });

  it('is told only what it reads, and all that production needs', () => {
    const names = known.map((variable) => variable.name);
    expect(Object.keys(environment).filter((variable) => !names.includes(variable))).toEqual([]);
    const needed = known.filter((variable) => variable.requiredInProduction).map((variable) => variable.name);
    expect(needed.filter((variable) => !environment[variable])).toEqual([]);
  });

  it('starts in production with a fresh .env', () => {
    const env = parseEnv(schema, environment) as Record<string, unknown>;
    expect(env).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' });
    if (name !== 'gateway') expect(env.MIGRATE).toBe('check');
  });

  it('does not start without an .env', () => {
    expect(() => parseEnv(schema, readCompose({}).services[name]?.environment)).toThrow('CALL_KEYS is required');
  });

  it('finds the files that it is told of in the image', () => {
    // A value with a slash in it, and neither a URL nor an address, a network or a route.
    const paths = Object.values(environment).filter(
      (value) => /^[\w.-]+(\/[\w.-]+)+$/.test(value) && !/^[\d.]+\//.test(value),
    );
    expect(paths).toEqual(name === 'gateway' ? ['schema/supergraph.graphql', 'dev/demo/examples.graphql'] : []);
    for (const path of paths) {
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
      expect([path, copiedToImage().some((source) => path === source || path.startsWith(`${source}/`))]).toEqual([
        path,
        true,
      ]);
    }
  });

  it('listens on its usual port', () => {
    expect(environment.PORT).toBe(known.find((variable) => variable.name === 'PORT')?.default);
  });

  it('finds the others where they listen', () => {
    const urls = Object.values(environment).flatMap((value) => value.match(/\bhttp:\/\/[a-z][^\s,]*/g) ?? []);
    const others = urls.map((url) => new URL(url)).filter(({ hostname }) => serviceNames.includes(hostname));
    for (const { hostname, port } of others)
      expect({ hostname, port }).toEqual({ hostname, port: environmentOf(hostname).PORT });
    const told = [...new Set(others.map(({ hostname }) => hostname))].sort();
    expect(told).toEqual(
      pairs
        .filter((pair) => pair.startsWith(`${name}>`))
        .map((pair) => pair.split('>')[1])
        .sort(),
    );
    for (const { hostname } of others) sharesNetwork(name, hostname);
  });

  it('has the keys of its own calls, and no others', () => {
    const keys = parseCallKeys(environment.CALL_KEYS, true);
    const own = pairs.filter((pair) => pair.split('>').includes(name));
    expect(environment.CALL_KEYS?.split(',').map((entry) => entry.split(':')[0])).toEqual(own);
    for (const pair of own) {
      const [caller, callee] = pair.split('>') as [string, string];
      const other = parseCallKeys(environmentOf(caller === name ? callee : caller).CALL_KEYS, true);
      expect(keys.get(caller, callee).equals(other.get(caller, callee))).toBe(true);
    }
  });
});

it('the gateway knows every subgraph, and who signs tokens for whom', () => {
  const { SUBGRAPH_URLS, TOKEN_ISSUER, TOKEN_AUDIENCE } = environmentOf('gateway');
  const urls = subgraphs.map((name) => `${name}=http://${name}:${environmentOf(name).PORT}/graphql`);
  expect(SUBGRAPH_URLS?.split(',')).toEqual(urls);
  const { ISSUER, AUDIENCE } = environmentOf('users');
  expect({ ISSUER, AUDIENCE }).toEqual({ ISSUER: TOKEN_ISSUER, AUDIENCE: TOKEN_AUDIENCE });
});

it('the gateway believes nginx, and is not in the network of the databases', () => {
  const trusted = new BlockList();
  const [address = '', prefix] = (environmentOf('gateway').TRUSTED_PROXIES ?? '').split('/');
  trusted.addSubnet(address, Number(prefix));
  const subnet = networks.front?.ipam?.config[0]?.subnet.split('/')[0] ?? never();
  expect(trusted.check(subnet)).toBe(true);
  expect(service('nginx').networks).toEqual(['front']);
  expect(service('gateway').networks).not.toContain('data');
  expect(environmentOf('nginx').GATEWAY).toBe(`gateway:${environmentOf('gateway').PORT}`);
});

it('a subgraph reads the URLs of those that it asks, and no others', () => {
  for (const [name, { shape }] of schemas) {
    const named = (environmentOf(name).DOWNLOAD_URLS ?? '').split(',').map((entry) => entry.split('=')[0]);
    const told = subgraphs
      .filter((other) => `${other.toUpperCase()}_URL` in shape || named.includes(other))
      .map((other) => `${name}>${other}`);
    if (name !== 'gateway') expect(told).toEqual(pairs.filter((pair) => pair.startsWith(`${name}>`)));
  }
});

it('every pair of services that the code names has its key', () => {
  for (const name of subgraphs) {
    const folder = join(root, 'subgraphs', name, 'src');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.startsWith('generated')) continue;
      for (const [, callee] of readFileSync(join(folder, file), 'utf8').matchAll(/\bcallee: '(\w+)'/g)) {
        if (callee !== name) expect(pairs).toContain(`${name}>${callee}`);
      }
    }
  }
});

describe.each(subgraphs)('the database of %s', (name) => {
  const job = service(`migrate-${name}`);
  const app = new URL(environmentOf(name).DATABASE_URL ?? never());
  const owner = new URL(job.environment?.MIGRATION_DATABASE_URL ?? never());

  it('is migrated by a job of the same image, before the service starts', () => {
    expect(job.image).toBe(service(name).image);
    expect(job.build).toEqual(service(name).build);
    expect(job.command).toEqual(['node', 'dist/migrate/main.js', name]);
    expect(service(name).depends_on?.[`migrate-${name}`]?.condition).toBe('service_completed_successfully');
    expect(job.depends_on?.logins?.condition).toBe('service_completed_successfully');
    expect(service('logins').depends_on?.postgres?.condition).toBe('service_healthy');
    const env = parseEnv(migrateEnvSchema, job.environment);
    expect(Object.keys(job.environment ?? {}).filter((variable) => !(variable in env))).toEqual([]);
  });

  it('has one login that owns it and one for the service, made with the same passwords', () => {
    const logins = environmentOf('logins');
    expect(logins.SUBGRAPHS?.split(' ')).toEqual([...subgraphs]);
    for (const [url, kind] of [
      [app, 'app'],
      [owner, 'owner'],
    ] as const) {
      expect([url.hostname, url.port, url.pathname, url.username]).toEqual([
        'postgres',
        '5432',
        `/${name}`,
        `${name}_${kind}`,
      ]);
      expect(url.password).toBe(logins[`${name.toUpperCase()}_${kind.toUpperCase()}_PASSWORD`]);
      expect(url.password).toHaveLength(43);
    }
    expect(app.password).not.toBe(owner.password);
    expect(job.environment?.APP_LOGIN).toBe(app.username);
  });
});

it('everything that is told is in env.example, and the other way round', () => {
  expect(variablesOfCompose().sort()).toEqual(Object.keys(variables).sort());
});

it('publishes nothing but to the machine itself, the servers where npm start looks for them', () => {
  const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => `${name} ${port}`),
  );
  expect(published.sort()).toEqual([
    `nats 127.0.0.1:${defaultPorts.nats}:4222`,
    'nginx 127.0.0.1:8080:80',
    `postgres 127.0.0.1:${defaultPorts.postgres}:5432`,
    `redis 127.0.0.1:${defaultPorts.redis}:6379`,
  ]);
});

it('checks the health of whatever keeps running, and names only what is there', () => {
  for (const [name, { healthcheck, volumes: mounts = [], networks: names, depends_on = {}, command }] of Object.entries(
    services,
  )) {
    expect([name, Boolean(healthcheck)]).toEqual([name, !name.startsWith('migrate-') && name !== 'logins']);
    for (const network of names) expect(Object.keys(networks)).toContain(network);
    for (const other of Object.keys(depends_on)) sharesNetwork(name, other);
    for (const mount of mounts) {
      const [source = ''] = mount.split(':');
      if (source.startsWith('./')) expect(readFileSync(join(root, source), 'utf8')).not.toBe('');
      else expect(Object.keys(volumes)).toContain(source);
    }
    if (command) expect(command.every((word) => typeof word === 'string')).toBe(true);
  }
});

/** What the last stage of the Dockerfile copies from the repository to the same place in the image. */
function copiedToImage(): string[] {
  const stage =
    readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')
      .split(/^FROM .*$/m)
      .at(-1) ?? never();
  return [...stage.matchAll(/^COPY (?!--)(\S+) (\S+)$/gm)].flatMap(([, source = '', target = '']) => {
    const there = /(^|\/)$/.test(target) ? join(target, basename(source)) : target;
    return there === source ? [source] : [];
  });
}

function sharesNetwork(one: string, other: string): void {
  expect(service(one).networks.filter((network) => service(other).networks.includes(network))).not.toEqual([]);
}

function never(): never {
  throw new Error('docker-compose.yml lacks what this test reads');
}
