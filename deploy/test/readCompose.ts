import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '#platform/root.ts';

/** What the tests read of a service in docker-compose.yml: https://github.com/compose-spec/compose-spec/blob/main/05-services.md */
export type ComposeService = {
  image: string;
  build?: { dockerfile: string; args: Record<string, string> };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  deploy?: { replicas: number };
  user?: string;
};

/** docker-compose.yml with its variables filled in. */
export type Compose = {
  services: Record<string, ComposeService>;
  networks: Record<string, { ipam?: { config: { subnet: string }[] } }>;
  volumes: Record<string, object>;
};

export const composeFile = join(root, 'docker-compose.yml');

/** Reads docker-compose.yml as compose would with `variables` as the environment. */
export function readCompose(variables: Record<string, string | undefined>): Compose {
  return interpolate(parse(readFileSync(composeFile, 'utf8'), { merge: true }), variables);
}

/** The variables that docker-compose.yml is told. */
export function variablesOfCompose(): string[] {
  const text = readFileSync(composeFile, 'utf8').replaceAll(/^\s*#.*$/gm, '');
  return [...new Set([...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1] as string))];
}

/** `${NAME:-default}` is the only form that the file uses; an empty variable takes the default, too. */
function interpolate<T>(value: T, variables: Record<string, string | undefined>): T {
  if (typeof value === 'string') {
    return value.replaceAll(
      /\$\{(\w+):-([^}]*)\}/g,
      (_, name: string, otherwise: string) => variables[name] || otherwise,
    ) as T;
  }
  if (Array.isArray(value)) return value.map((one) => interpolate(one, variables)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, interpolate(one, variables)])) as T;
}
