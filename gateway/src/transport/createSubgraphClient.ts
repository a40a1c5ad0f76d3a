import type { Logger } from 'pino';
import { Pool } from 'undici';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Scope } from '#platform/service/scope.ts';
import { traceHeaders } from '#platform/telemetry/trace.ts';
import type { Caller } from '../context.ts';
import { postText } from './postText.ts';

/** What a subgraph is asked. */
export type SubgraphRequest = {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  mutation: boolean;
  /** The request as JSON, where that is ready; else it is made of the rest. */
  body?: string;
  /** On performance.now()'s clock: when the whole request has to be answered. */
  deadline?: number | undefined;
};

/** A GraphQL response: https://spec.graphql.org/draft/#sec-Response-Format, before anything in it is believed. */
export type SubgraphResponse = {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
};

/** Nobody answered, or what came is not GraphQL. Never carries anything of the answer. */
export class SubgraphUnavailable extends Error {}

/** Asks one subgraph. */
export type SubgraphClient = (request: SubgraphRequest, caller: Caller) => Promise<SubgraphResponse>;

export type SubgraphClientOptions = {
  name: string;
  url: string;
  /** Undefined: calls are not signed. */
  keys: CallKeys | undefined;
  timeoutMs: number;
  log: Logger;
  scope: Scope;
};

/** A subgraph that sends more than this is broken. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Calls a subgraph over HTTP: signed, kept alive, and given up after `timeoutMs` from the call to the last byte. Nothing is
 * retried here. A response that carries GraphQL is taken whatever its status is; anything else is SubgraphUnavailable.
 */
export function createSubgraphClient({ name, url, keys, timeoutMs, scope }: SubgraphClientOptions): SubgraphClient {
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  const pool = new Pool(origin, {
    connections: 128,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  scope.defer(`calls to ${name}`, () => pool.destroy());

  return async ({ query, variables, operationName, mutation }, { viewer, clientAddress, userAgent }) => {
    const body = JSON.stringify({ query, variables, operationName });
    const call = { caller: 'gateway', callee: name, path, viewer, clientAddress, userAgent, body, mutation };
    const signed = keys && signCall({ keys, ...call });
    let status: number;
    let text: string;
    try {
      ({ status, text } = await postText(pool, {
        path,
        headers: { 'content-type': 'application/json', accept: 'application/json', ...traceHeaders(), ...signed },
        body,
        timeoutMs,
      }));
    } catch (error) {
      throw new SubgraphUnavailable(`${name} did not answer`, { cause: error });
    }
    return parseResponse(name, status, text);
  };
}

function parseResponse(name: string, status: number, text: string): SubgraphResponse {
  let response: unknown;
  try {
    response = JSON.parse(text);
  } catch {
    throw new SubgraphUnavailable(`${name} answered ${status} with something that is not JSON`);
  }
  if (!isResponse(response))
    throw new SubgraphUnavailable(`${name} answered ${status} with something that is not GraphQL`);
  return response;
}

function isResponse(value: unknown): value is SubgraphResponse {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as Record<string, unknown>;
  if (errors !== undefined && !(Array.isArray(errors) && errors.length > 0 && errors.every(isError))) return false;
  if (data !== undefined && (typeof data !== 'object' || Array.isArray(data))) return false;
  return data != null || errors !== undefined;
}

function isError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string';
}
