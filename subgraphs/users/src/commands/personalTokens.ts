import { z } from 'zod';
import { SessionRevoked } from '#events/users.ts';
import { refuse } from '#platform/errors.ts';
import { idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import type { RecordEvent } from '#platform/outbox/createOutbox.ts';
import { lineSchema } from '#platform/text.ts';
import { lockInteractive, requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import { hashTokenSecret, newTokenSecret, type PersonalToken } from '../domain/personalToken.ts';
import type { EndReason } from '../domain/session.ts';
import type { CreatePersonalTokenInput, RevokePersonalTokenInput } from '../generated/resolvers.ts';
import { insertPersonalToken, isTokenOf, revokePersonalTokens } from '../store/personalTokens.ts';

const createSchema = z.strictObject({
  name: lineSchema(80),
  scope: z.enum(['READ', 'WRITE', 'ADMIN']),
  expiresInDays: z.int().min(1, 'Must be 1 to 365').max(365, 'Must be 1 to 365').default(90),
});
const revokeSchema = z.strictObject({ id: idSchema });

/**
 * Makes a personal access token and returns its secret, which is kept nowhere. Only for somebody who has signed in: a token
 * makes no others.
 * Refusals: BAD_USER_INPUT, FORBIDDEN, UNAUTHENTICATED (the session has ended).
 */
export async function createPersonalToken(
  { deps, viewer }: Context,
  rawInput: CreatePersonalTokenInput,
): Promise<{ token: string; personalToken: PersonalToken }> {
  const { userId } = requireInteractive(viewer);
  const { expiresInDays, ...input } = parseInput(createSchema, rawInput);
  const now = deps.now();
  const token = newTokenSecret();
  const expiresAt = new Date(now.getTime() + expiresInDays * 86_400_000);
  const personalToken = { id: newId(), userId, ...input, createdAt: now, expiresAt, lastUsedAt: null, revokedAt: null };
  await deps.prisma.$transaction(async (tx) => {
    await lockInteractive(tx, viewer, now);
    await insertPersonalToken(tx, personalToken, hashTokenSecret(token));
  });
  return { token, personalToken };
}

/**
 * Ends one of the viewer's tokens; one that has ended stays so. Only for somebody who has signed in: whoever has found a token ends
 * no others.
 * Refusals: BAD_USER_INPUT, FORBIDDEN, UNAUTHENTICATED (the session has ended), NOT_FOUND.
 */
export async function revokePersonalToken(
  { deps, viewer }: Context,
  rawInput: RevokePersonalTokenInput,
): Promise<string> {
  const { userId } = requireInteractive(viewer);
  const { id } = parseInput(revokeSchema, rawInput);
  const now = deps.now();
  await deps.outbox.commit(async (tx, record) => {
    await lockInteractive(tx, viewer, now);
    if (!(await isTokenOf(tx, { userId, id }))) refuse('NOT_FOUND', 'There is no such token');
    tellRevoked(record, await revokePersonalTokens(tx, { userId, id, now }), 'REVOKED', userId);
  });
  return id;
}

/** Tells gateways of tokens that were revoked: to them a token is a session. */
export function tellRevoked(
  record: RecordEvent,
  tokens: readonly PersonalToken[],
  reason: EndReason,
  actorId: string,
): void {
  for (const { id, userId, name } of tokens) {
    const data = { session: { id, userId, device: name }, reason };
    record(SessionRevoked, { aggregateId: id, version: 2, actorId, data });
  }
}
