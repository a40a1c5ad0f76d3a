import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { parseEnv } from 'node:util';

/**
 * The text of a .env: `template` (env.example) with a fresh secret for each variable that needs one. Values in `known` (an
 * .env from before) stay, and so does each key of a call that it knows.
 *
 * @param pairs who calls whom, as `caller>callee`
 */
export function renderEnvFile(
  template: string,
  pairs: readonly string[],
  known: Record<string, string | undefined> = {},
): string {
  const keys = readCallKeys(known);
  for (const pair of pairs) if (!keys.has(pair)) keys.set(pair, random());

  const callKeysOf = (service: string) =>
    pairs
      .filter((pair) => pair.split('>').includes(service))
      .map((pair) => `${pair}:${keys.get(pair)}`)
      .join(',');

  return template.replaceAll(/^([A-Z_]+)=(.*)$/gm, (_, name: string, example: string) => {
    const [, service] = /^(.+)_CALL_KEYS$/.exec(name) ?? [];
    // Pairs come and go with the code: these are never kept as they are.
    if (service) return `${name}=${callKeysOf(service.toLowerCase())}`;
    return `${name}=${known[name] || secretFor(name) || example}`;
  });
}

function secretFor(name: string): string | undefined {
  if (name.endsWith('_PASSWORD')) return random();
  if (name !== 'ACCESS_TOKEN_KEY') return undefined;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })).toString('base64');
}

function readCallKeys(known: Record<string, string | undefined>): Map<string, string> {
  const entries = Object.entries(known).flatMap(([name, value]) =>
    name.endsWith('_CALL_KEYS') && value ? value.split(',') : [],
  );
  return new Map(entries.map((entry) => entry.split(':') as [string, string]));
}

/** 256 bits in characters that need no escaping in a URL or a .env. */
const random = (): string => randomBytes(32).toString('base64url');

/** Reads the text of a .env. */
export const parseEnvFile = (text: string): Record<string, string | undefined> => parseEnv(text);
