import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { CallKeys } from '../identity/callKeys.ts';
import type { Nonces } from '../identity/nonces.ts';
import type { Callers } from '../identity/verifyCall.ts';
import type { Call } from '../identity/viewer.ts';
import { parseInput } from '../input.ts';
import { callOf, requireSignedCalls } from './signedCalls.ts';

/** An internal route: which services may call it, what it takes, what it answers. */
export type SignedRoute<S extends z.ZodType> = {
  keys: CallKeys;
  nonces: Nonces;
  /** The services that may call it. Unless given: every service that has a key for this one, save the gateway. */
  allow?: Callers;
  input: S;
  handle(input: z.output<S>, call: Call): Promise<unknown>;
};

/**
 * A plain JSON route (POST) between services, next to /graphql: signed, and for other subgraphs only unless callers are named.
 * Refusals travel as `{ errors: [{ message, extensions }] }`, as createGuardedClient reads them.
 */
export function signedRoute<S extends z.ZodType>(app: FastifyInstance, path: string, route: SignedRoute<S>): void {
  const { keys, nonces, allow = 'siblings', input, handle } = route;
  app.register(async (scope) => {
    requireSignedCalls(scope, { callee: app.serviceName, allow, keys, nonces });
    scope.post(path, async (request, reply) => {
      const call = callOf(request);
      const answer = await handle(parseInput(input, request.body), call);
      return reply.send(answer ?? null);
    });
  });
}
