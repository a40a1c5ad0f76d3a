import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../errors.ts';
import type { CallKeys } from '../identity/callKeys.ts';
import type { Nonces } from '../identity/nonces.ts';
import { type Callers, verifyCall } from '../identity/verifyCall.ts';
import type { Call } from '../identity/viewer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified call, on routes that take signed calls only. */
    call: Call | null;
  }
}

/** What verifying takes. */
export type CallVerification = {
  callee: string;
  /** The services that may call. */
  allow: Callers;
  keys: CallKeys;
  nonces: Nonces;
};

/**
 * The most bytes of a signed call. A query that a client may send (256 KiB) can become a far larger one on its way: the
 * gateway asks for the entities of a whole list at once, about 100 bytes each. This is room for some 80,000.
 */
export const signedBodyLimit = 8 * 1024 * 1024;

/**
 * Lets only signed calls reach the routes of this fastify scope, whatever they send.
 * The signature covers the bytes, so the body is kept as a buffer until it is verified, and parsed as JSON then.
 */
export function requireSignedCalls(scope: FastifyInstance, call: CallVerification): void {
  if (!scope.hasRequestDecorator('call')) scope.decorateRequest('call', null);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: signedBodyLimit }, (_request, body, done) =>
    done(null, body),
  );
  scope.addHook('preValidation', async (request) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    request.call = await verifyCall({ ...call, path: request.url, headers: request.headers, body });
    request.body = request.method === 'GET' && body.length === 0 ? undefined : readJson(body);
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
