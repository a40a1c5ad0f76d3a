import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parseEnv } from '#platform/env.ts';
import { root } from '#platform/root.ts';
import { defaultPorts, devEnvSchema, toDevEnv } from '../env.ts';
import { migrateEnvSchema } from '../migrate.ts';

it("has every variable of npm start and of the migration job in the README's tables", () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const names = [devEnvSchema, migrateEnvSchema].flatMap(({ shape }) => Object.keys(shape));
  expect(names.filter((name) => !readme.includes(`\n| \`${name}\` |`))).toEqual([]);
});

it('serves without any variable, on ports below those of outgoing connections', () => {
  const { ports, given, dataDir } = toDevEnv(parseEnv(devEnvSchema, {}));
  expect(ports).toEqual(defaultPorts);
  expect(Math.max(...Object.values(ports))).toBeLessThan(32_768);
  expect(given).toEqual({});
  expect(dataDir).toBe(join(root, '.data'));
});

it('takes ports and servers from the environment, and names all that is wrong with them at once', () => {
  const env = parseEnv(devEnvSchema, { TASKS_PORT: '5002', REDIS_URL: 'redis://there:1', DATA_DIR: '/elsewhere' });
  expect(toDevEnv(env)).toMatchObject({ ports: { tasks: 5002, users: 4001 }, given: { redis: 'redis://there:1' } });
  expect(() => parseEnv(devEnvSchema, { GATEWAY_PORT: 'http', NATS_URL: 'redis://x' })).toThrow(
    /GATEWAY_PORT.*NATS_URL/s,
  );
});
