import { z } from 'zod';
import { callKeysProblems } from './identity/callKeys.ts';

/** What the environment lacks or has wrong: one line a problem. Never holds the value of a secret. */
export class EnvError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'EnvError';
    this.problems = problems;
  }
}

/** How a variable is treated beyond its type; set by `secret` and `neededInProduction`, read by parseEnv and describeEnv. */
type EnvMeta = { secret?: boolean; requiredInProduction?: boolean; description?: string };

/** One row of the table of variables in the README. */
export type EnvVariable = {
  name: string;
  default: string | undefined;
  required: boolean;
  requiredInProduction: boolean;
  description: string;
  secret: boolean;
};

/** A variable whose value is never printed. */
export function secret<S extends z.ZodType>(schema: S): S {
  return schema.meta({ ...metaOf(schema), secret: true }) as S;
}

/** A variable whose default serves development only: production refuses to start without a value of its own. */
export function neededInProduction<S extends z.ZodType>(schema: S): S {
  return schema.meta({ ...metaOf(schema), requiredInProduction: true }) as S;
}

/** A secret that has a default (or may be left out) in development, and must be given in production. */
export function secretInProduction<S extends z.ZodType>(schema: S): S {
  return neededInProduction(secret(schema));
}

/**
 * Reads the variables of `schema`. An empty variable counts as absent.
 * @throws EnvError with every problem at once.
 */
export function parseEnv<S extends z.ZodObject>(schema: S, source: NodeJS.ProcessEnv = process.env): z.output<S> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) if (value !== undefined && value !== '') given[name] = value;
  const problems: string[] = [];
  if (given.NODE_ENV === 'production') {
    for (const variable of describeEnv(schema)) {
      if (variable.requiredInProduction && !variable.required && given[variable.name] === undefined) {
        problems.push(`${variable.name} is required in production: ${variable.description}`);
      }
    }
  }
  const result = schema.safeParse(given);
  if (!result.success) {
    const variables = new Map(describeEnv(schema).map((variable) => [variable.name, variable]));
    for (const issue of result.error.issues) {
      const name = String(issue.path[0] ?? '');
      const variable = variables.get(name);
      if (!variable) problems.push(issue.message);
      else if (given[name] === undefined) problems.push(`${name} is required: ${variable.description}`);
      else problems.push(`${name}: ${issue.message}${variable.secret ? '' : ` (is ${JSON.stringify(given[name])})`}`);
    }
  }
  if (problems.length > 0 || !result.success) throw new EnvError([...new Set(problems)]);
  return result.data;
}

/** parseEnv for a process: prints every problem and exits with 1. */
export function readEnv<S extends z.ZodObject>(schema: S, source: NodeJS.ProcessEnv = process.env): z.output<S> {
  try {
    return parseEnv(schema, source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

/** The variables of a schema, for the README's table. A default of a secret serves development only, and may be shown. */
export function describeEnv(schema: z.ZodObject): EnvVariable[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const meta = metaOf(type);
    const absent = type.safeParse(undefined);
    return {
      name,
      default: absent.success && absent.data !== undefined ? String(absent.data) : undefined,
      required: !absent.success,
      requiredInProduction: meta.requiredInProduction === true || !absent.success,
      description: meta.description ?? '',
      secret: meta.secret === true,
    };
  });
}

/** The metadata of a type and of the types that it wraps (default, optional, pipe); the outermost wins. */
function metaOf(schema: z.ZodType): EnvMeta {
  const definition = schema._zod.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = definition.innerType ?? definition.in;
  return { ...(inner ? metaOf(inner) : {}), ...(z.globalRegistry.get(schema) as EnvMeta | undefined) };
}

const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `Must be a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  });

/** The variables of any process that serves HTTP. */
export const processEnv = (port: number) => ({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production makes secrets mandatory'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; containers use 0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65535).default(port).describe('Port to listen on; 0 takes any free one'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least severe lines that are written'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https')
    .optional()
    .describe(
      'Where traces go (OTLP over HTTP, e.g. http://127.0.0.1:4318); unset: no tracing, but trace ids in the logs',
    ),
  CALL_KEYS: secretInProduction(
    z
      .string()
      .superRefine((text, context) => {
        for (const message of callKeysProblems(text)) context.addIssue({ code: 'custom', message });
      })
      .optional()
      .describe('Keys of the calls between services: caller>callee:base64url of 32 bytes, separated by commas'),
  ),
});

/** The variables of any subgraph process. */
export const serviceEnv = (port: number) => ({
  ...processEnv(port),
  ROLE: z
    .enum(['api', 'worker', 'all'])
    .default('all')
    .describe('What this process does: answer calls, consume events and work jobs, or both'),
});

/** The variables of a process with a database. */
export const databaseEnv = {
  DATABASE_URL: secret(
    url('postgres', 'postgresql').describe('The Postgres database of this subgraph, with its login'),
  ),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10).describe('Most connections to Postgres'),
  MIGRATE: neededInProduction(
    z
      .enum(['apply', 'check'])
      .default('apply')
      .describe('Migrations at the start: apply them, or check that they are there (production)'),
  ),
};

/** The variables of a process that publishes or consumes events. */
export const natsEnv = {
  NATS_URL: secretInProduction(
    url('nats', 'tls', 'ws', 'wss').default('nats://127.0.0.1:14222').describe('The NATS server with JetStream'),
  ),
};

/** The variables of a process that publishes live updates or caches. */
export const redisEnv = {
  REDIS_URL: secretInProduction(
    url('redis', 'rediss')
      .default('redis://127.0.0.1:16379')
      .describe('The Redis of live updates and caches (volatile-lru)'),
  ),
};

/** The variables of a process that enqueues or works jobs. */
export const jobsEnv = {
  JOBS_REDIS_URL: secretInProduction(
    url('redis', 'rediss').default('redis://127.0.0.1:16379').describe('The Redis of the job queues (noeviction)'),
  ),
};
