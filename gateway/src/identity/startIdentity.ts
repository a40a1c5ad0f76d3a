import type { CallKeys } from '#platform/identity/callKeys.ts';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { GatewayEnv } from '../env.ts';
import { readService } from '../proxy/readRoute.ts';
import { createKeySet } from './createKeySet.ts';
import { createRevocations } from './createRevocations.ts';
import { createVerifier, type Verify } from './createVerifier.ts';
import { exchangeTokens } from './exchangeTokens.ts';
import { createNoRevocations, type Revocations } from './revocations.ts';

/** What a request waits for who asks: this long at most each time, and not longer than for its answer. */
const PATIENCE_MS = 2_000;

/** How callers are identified. */
export type GatewayIdentity = {
  /** Undefined: identity is off, every caller is anonymous. */
  verify: Verify | undefined;
  revocations: Revocations;
};

/** Identity as the environment has it: off, tokens that are good until they expire, or sessions that end at once. */
export function startIdentity(options: {
  env: GatewayEnv;
  keys: CallKeys;
  log: Logger;
  scope: Scope;
}): GatewayIdentity {
  const { env, keys, log, scope } = options;
  if (!env.JWKS_URL || env.IDENTITY === 'off') {
    log.warn('identity is off: every caller is anonymous, whatever token comes');
    return { verify: undefined, revocations: createNoRevocations() };
  }
  const patienceMs = Math.min(PATIENCE_MS, env.REQUEST_TIMEOUT_MS);
  const keySet = createKeySet({ url: env.JWKS_URL, log, timeoutMs: patienceMs });
  const from = { keySet, issuer: env.TOKEN_ISSUER, audience: env.TOKEN_AUDIENCE };
  const tokens = env.PERSONAL_TOKENS_URL && readService(env.PERSONAL_TOKENS_URL);
  const opaque = tokens
    ? { prefix: env.PERSONAL_TOKEN_PREFIX, exchange: exchangeTokens({ ...tokens, keys, scope, timeoutMs: patienceMs }) }
    : undefined;
  const asked = env.REVOCATIONS_URL && readService(env.REVOCATIONS_URL);
  if (!asked) {
    log.warn('REVOCATIONS_URL is not set: a token is good until it expires, whatever has become of its session');
    return { verify: createVerifier({ ...from, opaque }), revocations: createNoRevocations() };
  }
  const { REVOCATIONS_NATS_URL: natsUrl, REVOCATIONS_SUBJECT: subject, TOKEN_SECONDS: lifetimeSeconds } = env;
  const events = natsUrl ? { natsUrl, subject } : undefined;
  const revocations = createRevocations({ ...asked, events, keys, lifetimeSeconds, patienceMs, log, scope });
  return { verify: createVerifier({ ...from, revocations, lifetimeSeconds, opaque }), revocations };
}
