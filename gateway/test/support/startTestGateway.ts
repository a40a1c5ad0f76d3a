import { parseEnv } from '#platform/env.ts';
import { createLogger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { gatewayEnvSchema } from '../../src/env.ts';
import { startGateway } from '../../src/startGateway.ts';

export type Answer = {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  data?: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
};

export type TestGateway = {
  url: string;
  /** Every line of the log so far. */
  lines: Record<string, unknown>[];
  query(
    query: string,
    options?: { variables?: unknown; token?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  post(body: BodyInit, headers?: Record<string, string>): Promise<Answer>;
};

/** Starts a gateway in this process, as main.ts would with these variables. */
export async function startTestGateway(variables: Record<string, string>, scope: Scope): Promise<TestGateway> {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'gateway',
    level: 'debug',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const env = parseEnv(gatewayEnvSchema, { NODE_ENV: 'test', PORT: '0', ...variables });
  const { url } = await startGateway(env, scope, log);

  async function post(body: BodyInit, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, headers: response.headers, ...(await response.json()) };
  }

  return {
    url,
    lines,
    post,
    query: (query, { variables: values, token, headers } = {}) =>
      post(JSON.stringify({ query, variables: values }), {
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      }),
  };
}
