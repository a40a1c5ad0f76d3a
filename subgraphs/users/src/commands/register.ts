import { z } from 'zod';
import { UserRegistered } from '#events/users.ts';
import { claimClientId } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { clientIdSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { lineSchema } from '#platform/text.ts';
import type { Context } from '../context.ts';
import { emailSchema, newPasswordSchema, type User } from '../domain/user.ts';
import type { RegisterInput } from '../generated/resolvers.ts';
import { findCredentials, insertUser } from '../store/users.ts';
import type { Session } from '../tokens.ts';

const inputSchema = z.strictObject({
  id: clientIdSchema.nullish(),
  email: emailSchema,
  password: newPasswordSchema,
  name: lineSchema(80),
});

/**
 * Creates an account and begins a session. A retry with the same client id, address, name and password begins another
 * session of the same account.
 * Refusals: BAD_USER_INPUT, EMAIL_TAKEN, ID_TAKEN, TOO_BUSY.
 */
export async function register({ deps }: Context, rawInput: RegisterInput): Promise<{ user: User; session: Session }> {
  const { prisma, outbox, passwords, tokens } = deps;
  const { id: clientId, password, ...input } = parseInput(inputSchema, rawInput);
  const passwordHash = await passwords.hash(password);
  const now = deps.now();
  const user: User = { id: clientId ?? newId(), ...input, avatarUrl: null, version: 1, createdAt: now };

  const outcome = await outbox
    .commit(async (tx, record) => {
      // Nobody is signed in yet, so the account is its own creator. The password is no part of the hashed input: a fast
      // hash of it must not be kept. It has to verify instead, below.
      const claim = clientId && { id: clientId, kind: 'user', creatorId: clientId, input };
      if (claim && (await claimClientId(tx, claim)) === 'same') return 'same';
      await insertUser(tx, { user, passwordHash });
      const { id, name, email, avatarUrl } = user;
      record(UserRegistered, {
        aggregateId: id,
        version: user.version,
        actorId: id,
        data: { user: { id, name, email, avatarUrl } },
      });
      return 'new';
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'email') || isUniqueViolation(error, 'user_email_key')) {
        refuse('EMAIL_TAKEN', 'An account with this e-mail address exists already');
      }
      if (isUniqueViolation(error, 'id') || isUniqueViolation(error, 'user_pkey'))
        refuse('ID_TAKEN', 'This id is taken');
      throw error;
    });
  if (outcome === 'new') return { user, session: tokens.issue(user.id, now) };

  const first = await findCredentials(prisma, { id: user.id });
  const verified = await passwords.verify(first?.passwordHash ?? null, password);
  if (!first || !verified) refuse('ID_TAKEN', 'This id is taken');
  return { user: first.user, session: tokens.issue(user.id, now) };
}
