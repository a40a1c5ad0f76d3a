import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EnvError, parseEnv } from '#platform/env.ts';
import { usersEnvSchema } from './env.ts';

const pem = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const development = { DATABASE_URL: 'postgresql://users:secret@127.0.0.1:5432/users' };

function problems(environment: Record<string, string>): string[] {
  try {
    parseEnv(usersEnvSchema, { ...development, ...environment });
    return [];
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return error.problems;
  }
}

describe("users' environment", () => {
  it('needs nothing but a database in development', () => {
    expect(parseEnv(usersEnvSchema, development)).toMatchObject({
      PORT: 4001,
      ACCESS_TOKEN_SECONDS: 600,
      ISSUER: 'taskgraph',
    });
  });

  it('needs its secrets in production', () => {
    const missing = problems({ NODE_ENV: 'production' }).map((problem) => problem.split(' ')[0]);
    expect(missing).toEqual(
      expect.arrayContaining(['CALL_KEYS', 'ACCESS_TOKEN_KEY', 'NATS_URL', 'REDIS_URL', 'MIGRATE']),
    );
  });

  it('takes the signing key as PEM or as the base64 of it, and tells nobody a wrong one', () => {
    const key = pem('P-256');
    for (const text of [key, Buffer.from(key).toString('base64')]) {
      expect(parseEnv(usersEnvSchema, { ...development, ACCESS_TOKEN_KEY: text }).ACCESS_TOKEN_KEY?.type).toBe(
        'private',
      );
    }
    for (const text of ['nonsense', pem('P-384')]) {
      const [problem, ...others] = problems({ ACCESS_TOKEN_KEY: text });
      expect(problem).toMatch(/^ACCESS_TOKEN_KEY: Must be a P-256 private key/);
      expect(problem).not.toContain(text);
      expect(others).toEqual([]);
    }
  });

  it('refuses lifetimes that make no sense', () => {
    for (const seconds of ['0', '59', '86401', '1.5', 'soon']) {
      expect(problems({ ACCESS_TOKEN_SECONDS: seconds })).toHaveLength(1);
    }
  });
});
