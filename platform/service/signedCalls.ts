import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../errors.ts';
import type { CallKeys } from '../identity/callKeys.ts';
import type { Nonces } from '../identity/nonces.ts';
import { verifyCall } from '../identity/verifyCall.ts';
import type { Call } from '../identity/viewer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified call, on routes that take signed calls only. */
    call: Call | null;
  }
}

/** What verifying takes. */
export type CallVerification = { callee: string; keys: CallKeys; nonces: Nonces };

/**
 * Lets only signed calls reach the routes of this fastify scope, whatever they send.
 * The signature covers the bytes, so the body is kept as a buffer until it is verified, and parsed as JSON then.
 */
export function requireSignedCalls(scope: FastifyInstance, { callee, keys, nonces }: CallVerification): void {
  if (!scope.hasRequestDecorator('call')) scope.decorateRequest('call', null);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.addHook('preValidation', async (request) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    request.call = await verifyCall({ callee, keys, nonces, headers: request.headers, body });
    request.body = readJson(body);
  });
}

/** The call of a request that has passed `requireSignedCalls`. */
export function callOf(request: FastifyRequest): Call {
  if (!request.call) throw new Error('This route does not require signed calls');
  return request.call;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return refuse('BAD_REQUEST', 'The body is not JSON');
  }
}
