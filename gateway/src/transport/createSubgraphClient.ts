import type { Logger } from 'pino';
import { Pool } from 'undici';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Scope } from '#platform/service/scope.ts';
import { traceHeaders } from '#platform/telemetry/trace.ts';
import type { Caller } from '../context.ts';
import type { Reach } from './createReach.ts';
import { type PostEnd, postText } from './postText.ts';

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
  /** Is told of every call. */
  reach: Pick<Reach, 'answered' | 'failed'>;
  timeoutMs: number;
  log: Logger;
  scope: Scope;
};

/** A subgraph that sends more than this is broken. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Calls a subgraph over HTTP: signed, kept alive, and given up after `timeoutMs` from the call to the last byte, or at the request's
 * own deadline. Nothing is retried here. A response that carries GraphQL is taken whatever its status is; anything else is
 * SubgraphUnavailable.
 */
export function createSubgraphClient({
  name,
  url,
  keys,
  reach,
  timeoutMs,
  scope,
}: SubgraphClientOptions): SubgraphClient {
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  const pool = new Pool(origin, {
    connections: 128,
    connect: { timeout: timeoutMs },
    // There is one limit for all of a call, and its timer is ours.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  scope.defer(`calls to ${name}`, () => pool.destroy());

  function parseResponse(status: number, text: string): SubgraphResponse {
    let response: unknown;
    try {
      response = JSON.parse(text);
    } catch {
      throw unusable(status, 'JSON');
    }
    if (!isResponse(response)) throw unusable(status, 'GraphQL');
    return response;
  }

  function unusable(status: number, what: string): SubgraphUnavailable {
    reach.failed();
    return new SubgraphUnavailable(`${name} answered ${status} with something that is not ${what}`);
  }

  const end: PostEnd<SubgraphResponse> = {
    read(status, text) {
      const response = parseResponse(status, text);
      reach.answered();
      return response;
    },
    failed(error) {
      reach.failed();
      return new SubgraphUnavailable(`${name} did not answer`, { cause: error });
    },
  };

  return (request, { viewer, clientAddress, userAgent }) => {
    const { mutation, deadline } = request;
    const body = request.body ?? textOf(request);
    const headers = ['content-type', 'application/json', 'accept', 'application/json'];
    const { traceparent } = traceHeaders();
    if (traceparent !== undefined) headers.push('traceparent', traceparent);
    if (keys) {
      const call = { caller: 'gateway', callee: name, path, viewer, clientAddress, userAgent, body, mutation };
      const signed = signCall({ keys, ...call });
      for (const header in signed) headers.push(header, signed[header] as string);
    }
    const limit = deadline === undefined ? timeoutMs : Math.min(timeoutMs, deadline - performance.now());
    return postText(pool, { path, headers, body, timeoutMs: limit }, end);
  };
}

function textOf({ query, variables, operationName }: SubgraphRequest): string {
  return JSON.stringify({ query, variables, operationName });
}

/** Whether something that came from a subgraph is a response, as far as it can be seen without the operation. */
export function isResponse(value: unknown): value is SubgraphResponse {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as Record<string, unknown>;
  if (errors !== undefined && !(Array.isArray(errors) && errors.length > 0 && errors.every(isError))) return false;
  if (data !== undefined && (typeof data !== 'object' || Array.isArray(data))) return false;
  return data != null || errors !== undefined;
}

function isError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string';
}
