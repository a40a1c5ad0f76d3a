import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { subgraphs } from '#dev/subgraphs.ts';
import type { TestSystem } from '../testSystem.ts';

/** Where something was found: `users public.session`, `stream users`, `redis bull:…`, and the text that it is in. */
export type Finding = { place: string; text: string };

/** Looks through every table of every database, every message of every stream, and all of Redis. */
export async function findEverywhere(system: TestSystem, pattern: RegExp): Promise<Finding[]> {
  const texts = [...(await databaseTexts(system)), ...(await streamTexts(system)), ...(await redisTexts(system))];
  return texts.filter(({ text }) => pattern.test(text));
}

async function databaseTexts(system: TestSystem): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const subgraph of subgraphs) {
    const tables = await system.sql<{ name: string; quoted: string }>(
      subgraph,
      `select schemaname || '.' || tablename as name, format('%I.%I', schemaname, tablename) as quoted from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name, quoted } of tables) {
      const rows = await system.sql<{ text: string }>(subgraph, `select t::text as text from ${quoted} t`);
      for (const { text } of rows) found.push({ place: `${subgraph} ${name}`, text });
    }
  }
  return found;
}

async function streamTexts(system: TestSystem): Promise<Finding[]> {
  const { host, username, password } = new URL(system.urls.nats);
  const connection = await connect({ servers: host, ...(username && { user: username, pass: password }) });
  try {
    const { streams } = await jetstreamManager(connection);
    const found: Finding[] = [];
    for await (const { config, state } of streams.list()) {
      for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
        const message = await streams.getMessage(config.name, { seq });
        if (message) found.push({ place: `stream ${config.name}`, text: `${message.subject} ${message.string()}` });
      }
    }
    return found;
  } finally {
    await connection.close();
  }
}

async function redisTexts(system: TestSystem): Promise<Finding[]> {
  const redis = new Redis(system.urls.redis);
  try {
    const readers: Record<string, (key: string) => Promise<unknown>> = {
      string: (key) => redis.get(key),
      hash: (key) => redis.hgetall(key),
      list: (key) => redis.lrange(key, 0, -1),
      set: (key) => redis.smembers(key),
      zset: (key) => redis.zrange(key, '0', '-1'),
      stream: (key) => redis.xrange(key, '-', '+'),
    };
    const found: Finding[] = [];
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      // It has expired meanwhile.
      if (type === 'none') continue;
      const read = readers[type];
      if (!read) throw new Error(`What is in ${key} (${type}) can't be read`);
      found.push({ place: `redis ${key}`, text: `${key} ${JSON.stringify(await read(key))}` });
    }
    return found;
  } finally {
    redis.disconnect();
  }
}
