import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { callPairs, subgraphs } from './subgraphs.ts';

/** What the local system keeps secret, made on the first start. */
export type Secrets = {
  /** Of the local Postgres' superuser. */
  postgresPassword: string;
  /** Of each subgraph's database login. */
  databasePasswords: Record<string, string>;
  /** `caller>callee` to the base64url of 32 bytes. */
  callKeys: Record<string, string>;
  /** PKCS8 PEM of a P-256 key. */
  accessTokenKey: string;
};

const random = () => randomBytes(32).toString('base64url');

function newAccessTokenKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Reads the secrets in `file`, adds those that are missing (a new subgraph's, say), and keeps the file for its owner only. */
export function loadSecrets(file: string): Secrets {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const known = JSON.parse(before) as Partial<Secrets>;
  const secrets: Secrets = {
    postgresPassword: known.postgresPassword ?? random(),
    databasePasswords: { ...known.databasePasswords },
    // A key that no call needs any more goes.
    callKeys: Object.fromEntries(callPairs.map((pair) => [pair, known.callKeys?.[pair] ?? random()])),
    accessTokenKey: known.accessTokenKey ?? newAccessTokenKey(),
  };
  for (const name of subgraphs) secrets.databasePasswords[name] ??= random();
  const after = `${JSON.stringify(secrets, null, 2)}\n`;
  if (after !== before) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, after, { mode: 0o600 });
    renameSync(draft, file);
  }
  chmodSync(file, 0o600);
  return secrets;
}

/** CALL_KEYS for one service: the keys of the calls that it makes and of those that it answers, no others. */
export function callKeysOf(secrets: Secrets, service: string): string {
  return Object.entries(secrets.callKeys)
    .filter(([pair]) => pair.split('>').includes(service))
    .map(([pair, key]) => `${pair}:${key}`)
    .join(',');
}
