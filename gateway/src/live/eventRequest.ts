import type { FastifyRequest } from 'fastify';
import { getOperationAST, parse } from 'graphql';
import { refuse } from '#platform/errors.ts';
import type { OperationPayload } from './createOperations.ts';

type Request = Pick<FastifyRequest, 'method' | 'headers' | 'body' | 'query'>;

const EVENTS = 'text/event-stream';
const JSON_TYPES = ['application/json', 'application/graphql-response+json', 'application/graphql+json', '*/*'];
/** What a page of another origin may send without being asked: https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const SIMPLE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
/** Headers that such a page can't set, as Apollo Server has them. */
const PREFLIGHTED = ['x-apollo-operation-name', 'apollo-require-preflight'];

/**
 * Whether the answer is to be an event stream. Clients that name JSON as well, as some do with every request, get it for
 * subscriptions alone.
 */
export function wantsEvents({ headers, body, query }: Request): boolean {
  const { accept = '' } = headers;
  if (!accept.includes(EVENTS)) return false;
  const weights = new Map(accept.split(',').map(weighted));
  const events = weights.get(EVENTS) ?? 0;
  const json = Math.max(0, ...JSON_TYPES.map((type) => weights.get(type) ?? 0));
  return events > json || (events > 0 && isSubscription((body ?? query) as OperationPayload | null));
}

function weighted(part: string): [type: string, weight: number] {
  const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return [type, Number.isNaN(weight) ? 0 : weight];
}

function isSubscription(payload: { query?: unknown; operationName?: unknown } | null): boolean {
  const { query, operationName } = payload ?? {};
  if (typeof query !== 'string' || !query.includes('subscription')) return false;
  try {
    const name = typeof operationName === 'string' ? operationName : undefined;
    return getOperationAST(parse(query, { noLocation: true }), name)?.operation === 'subscription';
  } catch {
    return false;
  }
}

/**
 * Reads the operation of a request, under the rules that Apollo Server has for HTTP.
 * @throws Refusal BAD_REQUEST: something that a page of another origin could have sent, or that isn't an operation
 */
export function readOperation(request: Request): OperationPayload {
  const { method, headers } = request;
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const simple = type === undefined || SIMPLE_TYPES.includes(type);
  if (simple && !PREFLIGHTED.some((name) => headers[name]?.length)) {
    refuse(
      'BAD_REQUEST',
      `This operation has been blocked as a potential CSRF. Send one of: ${PREFLIGHTED.join(', ')}`,
    );
  }
  const given = (method === 'GET' ? ofQuery(request.query) : request.body) as Record<string, unknown> | null;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    refuse('BAD_REQUEST', 'The body is not an operation');
  }
  const { query, operationName, variables, extensions } = given;
  for (const [name, value] of Object.entries({ query, operationName })) {
    if (value != null && typeof value !== 'string') refuse('BAD_REQUEST', `"${name}" must be a string`);
  }
  for (const [name, value] of Object.entries({ variables, extensions })) {
    if (value != null && (typeof value !== 'object' || Array.isArray(value))) {
      refuse('BAD_REQUEST', `"${name}" must be an object`);
    }
  }
  return { query, operationName, variables, extensions } as OperationPayload;
}

function ofQuery(parameters: unknown): Record<string, unknown> {
  const given = parameters as Record<string, unknown>;
  return { ...given, variables: parsed(given.variables), extensions: parsed(given.extensions) };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
