import type { KeyObject } from 'node:crypto';
import { GraphQLError } from 'graphql';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Viewer } from '#platform/identity/viewer.ts';
import { type KeySet, KeySetUnavailable } from './createKeySet.ts';
import type { ExchangeToken } from './exchangeTokens.ts';
import { createNoRevocations, type Revocations } from './revocations.ts';

/** Who a token speaks for, and until when (milliseconds since the epoch). */
export type Identity = { viewer: Viewer; expiresAt: number };

/** Turns the value of an `Authorization` header into an identity; null for anonymous callers. */
export type Verify = (authorization: string | undefined) => Promise<Identity | null>;

/** Why a token is refused; clients find it in `extensions.reason`. */
export type TokenReason =
  | 'MALFORMED'
  | 'UNSUPPORTED_ALGORITHM'
  | 'UNKNOWN_KEY'
  | 'BAD_SIGNATURE'
  | 'WRONG_ISSUER'
  | 'WRONG_AUDIENCE'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'LIVES_TOO_LONG'
  | 'REVOKED'
  | 'UNKNOWN_TOKEN';

const claims = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  exp: z.number(),
  iat: z.number().optional(),
});
const MAX_TOKEN_LENGTH = 4_096;
const MAX_CACHED = 10_000;
const DAY_MS = 86_400_000;

/**
 * Verifies access tokens: JWTs signed with ES256 (RFC 7518, 3.4) by a published key. The algorithm is ours, never the
 * token's: `none` and HS256 "signed" with the public key are refused before any key is looked at. Verified tokens are
 * kept, at most 10,000, until they expire or their key isn't the published one any more.
 * A token of a session that was ended is refused, and so is one that is good for longer than ended sessions are remembered.
 *
 * @throws GraphQLError UNAUTHENTICATED with `extensions.reason`, or SERVICE_UNAVAILABLE when the keys can't be had or nobody
 * says which sessions were ended
 */
export function createVerifier({
  keySet,
  issuer,
  audience,
  revocations = createNoRevocations(),
  lifetimeSeconds = Number.POSITIVE_INFINITY,
  opaque,
}: {
  keySet: KeySet;
  issuer: string;
  /** Whom a token must be meant for (`aud`): one that the same issuer made for others says nothing here. */
  audience: string;
  revocations?: Revocations;
  /** The longest that a token may be good. */
  lifetimeSeconds?: number;
  /** Tokens that begin like this say nothing themselves: they are exchanged. */
  opaque?: { prefix: string; exchange: ExchangeToken } | undefined;
}): Verify {
  const verified = new Map<string, Verified>();

  return async (authorization) => {
    if (!authorization?.trim()) return null;
    const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
    if (!token || token.length > MAX_TOKEN_LENGTH) throw unauthenticated('MALFORMED');
    if (opaque && token.startsWith(opaque.prefix)) return exchanged(token, opaque.exchange);
    const known = verified.get(token);
    if (known) {
      verified.delete(token);
      if (known.identity.expiresAt <= Date.now()) throw unauthenticated('EXPIRED');
      if ((await keyOf(known.kid, keySet)) === known.key) {
        verified.set(token, known);
        return goesOn(known.identity);
      }
    }
    const fresh = await verify(token, keySet, { issuer, audience, lifetimeSeconds });
    verified.set(token, fresh);
    if (verified.size > MAX_CACHED) verified.delete(verified.keys().next().value as string);
    if (!(await revocations.known())) throw unavailable();
    return goesOn(fresh.identity);
  };

  async function exchanged(token: string, exchange: ExchangeToken): Promise<Identity> {
    const identity = await exchange(token).catch(() => {
      throw unavailable();
    });
    if (!identity) throw unauthenticated('UNKNOWN_TOKEN');
    if (identity.expiresAt <= Date.now()) throw unauthenticated('EXPIRED');
    if (!(await revocations.known())) throw unavailable();
    // A token of months is looked at again after a day at most: timers don't reach further than 24 days.
    return goesOn({ ...identity, expiresAt: Math.min(identity.expiresAt, Date.now() + DAY_MS) });
  }

  function goesOn(identity: Identity): Identity {
    if (revocations.isRevoked(identity.viewer)) throw unauthenticated('REVOKED');
    return identity;
  }
}

/** A token that has been verified: what it says, and the very key that it was verified with. */
type Verified = { identity: Identity; kid: string; key: KeyObject };

async function verify(
  token: string,
  keySet: KeySet,
  { issuer, audience, lifetimeSeconds }: { issuer: string; audience: string; lifetimeSeconds: number },
): Promise<Verified> {
  const header = jwt.decode(token, { complete: true })?.header;
  if (!header) throw unauthenticated('MALFORMED');
  if (header.alg !== 'ES256') throw unauthenticated('UNSUPPORTED_ALGORITHM');
  if (typeof header.kid !== 'string') throw unauthenticated('UNKNOWN_KEY');
  const { kid } = header;
  const key = await keyOf(kid, keySet);
  let payload: unknown;
  try {
    payload = jwt.verify(token, key, { algorithms: ['ES256'], issuer, audience });
  } catch (error) {
    throw unauthenticated(reasonOf(error as Error));
  }
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw unauthenticated('MALFORMED');
  const { sub, sid, exp, iat = Number.NEGATIVE_INFINITY } = parsed.data;
  if (exp - iat > lifetimeSeconds) throw unauthenticated('LIVES_TOO_LONG');
  return { identity: { viewer: { userId: sub, sessionId: sid }, expiresAt: exp * 1000 }, kid, key };
}

async function keyOf(kid: string, keySet: KeySet): Promise<KeyObject> {
  const key = await keySet.key(kid).catch((error: unknown) => {
    throw error instanceof KeySetUnavailable ? unavailable() : error;
  });
  if (!key) throw unauthenticated('UNKNOWN_KEY');
  return key;
}

function reasonOf(error: Error): TokenReason {
  if (error.name === 'TokenExpiredError') return 'EXPIRED';
  if (error.name === 'NotBeforeError') return 'NOT_YET_VALID';
  if (error.message.startsWith('jwt issuer invalid')) return 'WRONG_ISSUER';
  if (error.message.startsWith('jwt audience invalid')) return 'WRONG_AUDIENCE';
  return error.message === 'invalid signature' ? 'BAD_SIGNATURE' : 'MALFORMED';
}

const sentences: Record<TokenReason, string> = {
  MALFORMED: 'The access token is malformed.',
  UNSUPPORTED_ALGORITHM: 'The access token is not signed with ES256.',
  UNKNOWN_KEY: 'The access token is signed with a key that is not known here.',
  BAD_SIGNATURE: 'The signature of the access token is wrong.',
  WRONG_ISSUER: 'The access token was issued by somebody else.',
  WRONG_AUDIENCE: 'The access token is meant for somebody else.',
  EXPIRED: 'The access token has expired.',
  NOT_YET_VALID: 'The access token is not valid yet.',
  LIVES_TOO_LONG: 'The access token is good for longer than any token may be.',
  UNKNOWN_TOKEN: 'The token is not known, or good no more.',
  REVOKED: 'The session of the access token has ended.',
};

function unauthenticated(reason: TokenReason): GraphQLError {
  return new GraphQLError(sentences[reason], {
    extensions: { code: 'UNAUTHENTICATED', reason, http: { status: 401 } },
  });
}

function unavailable(): GraphQLError {
  return new GraphQLError('Access tokens cannot be verified at the moment.', {
    extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
  });
}
