import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { databaseEnv, describeEnv, EnvError, jobsEnv, natsEnv, parseEnv, redisEnv, serviceEnv } from './env.ts';

const schema = z.object({ ...serviceEnv(4002), ...databaseEnv, ...natsEnv, ...redisEnv, ...jobsEnv });
const url = 'postgres://tasks:hunter2@127.0.0.1:15432/tasks';
const key = Buffer.alloc(32, 7).toString('base64url');

function problemsOf(source: Record<string, string>): string[] {
  try {
    parseEnv(schema, source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseEnv', () => {
  it('has defaults for development', () => {
    expect(parseEnv(schema, { DATABASE_URL: url })).toMatchObject({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 4002,
      ROLE: 'all',
      MIGRATE: 'apply',
      NATS_URL: 'nats://127.0.0.1:14222',
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(parseEnv(schema, { DATABASE_URL: url, PORT: '', CALL_KEYS: '' }).PORT).toBe(4002);
  });

  it('lists every problem at once', () => {
    const problems = problemsOf({ PORT: 'http', ROLE: 'boss', LOG_LEVEL: 'loud', DATABASE_POOL_SIZE: '0' });
    expect(problems.map((problem) => problem.split(/[ :]/, 1)[0])).toEqual(
      ['PORT', 'LOG_LEVEL', 'ROLE', 'DATABASE_URL', 'DATABASE_POOL_SIZE'].sort(
        (a, b) => Object.keys(schema.shape).indexOf(a) - Object.keys(schema.shape).indexOf(b),
      ),
    );
    expect(problems.join('\n')).toContain('(is "http")');
  });

  it('refuses to start production without its secrets, together with the other problems', () => {
    const problems = problemsOf({ NODE_ENV: 'production', PORT: '-1' });
    const named = problems.map((problem) => problem.split(/[ :]/, 1)[0]);
    expect(new Set(named)).toEqual(
      new Set(['CALL_KEYS', 'DATABASE_URL', 'MIGRATE', 'NATS_URL', 'REDIS_URL', 'JOBS_REDIS_URL', 'PORT']),
    );
    expect(named).toHaveLength(new Set(named).size);
  });

  it('starts production with them', () => {
    const env = parseEnv(schema, {
      NODE_ENV: 'production',
      DATABASE_URL: url,
      MIGRATE: 'check',
      CALL_KEYS: `gateway>tasks:${key}`,
      NATS_URL: 'nats://nats:4222',
      REDIS_URL: 'redis://redis:6379',
      JOBS_REDIS_URL: 'rediss://redis:6379/1',
    });
    expect(env.MIGRATE).toBe('check');
  });

  it.each([
    ['a password in a wrong URL', { DATABASE_URL: 'mysql://tasks:hunter2@db/tasks' }, 'hunter2'],
    ['a key in a wrong list of keys', { DATABASE_URL: url, CALL_KEYS: `gateway>tasks:${key}x` }, key],
    ['a password in the wrong URL of Redis', { DATABASE_URL: url, REDIS_URL: 'http://:hunter2@redis' }, 'hunter2'],
  ])('never prints %s', (_name, source, secret) => {
    const problems = problemsOf(source);
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain(secret);
  });

  it('says which call key is malformed', () => {
    expect(problemsOf({ DATABASE_URL: url, CALL_KEYS: `gateway>tasks:${key},tasks:${key}` })).toEqual([
      'CALL_KEYS: entry 2 is not caller>callee:<base64url of 32 bytes>',
    ]);
  });
});

describe('describeEnv', () => {
  it('tells name, default, need and meaning of each variable', () => {
    const rows = new Map(describeEnv(schema).map((row) => [row.name, row]));
    expect(rows.get('PORT')).toMatchObject({ default: '4002', required: false, requiredInProduction: false });
    expect(rows.get('DATABASE_URL')).toMatchObject({ default: undefined, required: true, secret: true });
    expect(rows.get('CALL_KEYS')).toMatchObject({ required: false, requiredInProduction: true, secret: true });
    expect(rows.get('MIGRATE')).toMatchObject({ default: 'apply', requiredInProduction: true, secret: false });
    for (const row of rows.values()) expect(row.description).not.toBe('');
  });
});
