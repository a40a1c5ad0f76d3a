import { z } from 'zod';
import { UserRegistered } from '#events/users.ts';
import { claimClientId, isRepeat } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { clientIdSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { lineSchema } from '#platform/text.ts';
import type { Context } from '../context.ts';
import { emailSchema, newPasswordSchema, type User } from '../domain/user.ts';
import type { RegisterInput } from '../generated/resolvers.ts';
import { findCredentials, findUserByEmail, insertUser } from '../store/users.ts';
import { sendAccountLink } from './accountLinks.ts';
import { beginSession, type SignedIn } from './beginSession.ts';
import { requireUncommon } from './changePassword.ts';
import { verifyPassword } from './verifyPassword.ts';

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
export async function register(context: Context, rawInput: RegisterInput): Promise<SignedIn> {
  const { deps } = context;
  const { prisma, outbox, passwords } = deps;
  const { id: clientId, password, ...input } = parseInput(inputSchema, rawInput);
  const now = deps.now();
  // Nobody is signed in yet, so the account is its own creator. The password is no part of the hashed input: a fast hash of
  // it must not be kept. It has to verify instead.
  const claim = clientId && { id: clientId, kind: 'user', creatorId: clientId, input };
  const id = clientId ?? newId();
  const first = async () => {
    const account = await findCredentials(prisma, { id });
    const tried = { email: input.email, passwordHash: account?.passwordHash ?? null };
    const verified = await verifyPassword(context, tried, password);
    if (!account || !verified) refuse('ID_TAKEN', 'This id is taken');
    return prisma.$transaction((tx) => beginSession(context, tx, account.user, account.passwordHash));
  };

  if (claim && (await isRepeat(prisma, claim))) return first();
  requireUncommon(password, input, ['input', 'password']);
  passwords.requireRoom();
  // Hashing is dear: what is refused anyway is refused before.
  if (await findUserByEmail(prisma, input.email)) {
    // Unless it was this very registration that has just made it.
    if (claim && (await isRepeat(prisma, claim))) return first();
    refuseTaken();
  }
  // An e-mail goes to whoever's address this is: so many to one, and so many by one client, as of all other kinds.
  const mail = await deps.mails.begin(input.email, context.client.address);
  const drop = async (error: unknown): Promise<never> => {
    await mail.dropped();
    throw error;
  };
  const passwordHash = await passwords.hash(password).catch(drop);
  const unset = { avatarUrl: null, emailVerifiedAt: null, locale: null, timeZone: null, suspendedAt: null };
  const user: User = { id, ...input, ...unset, role: 'USER', version: 1, createdAt: now };

  const created = await outbox
    .commit(async (tx, record) => {
      if (claim && (await claimClientId(tx, claim)) === 'same') return null;
      await insertUser(tx, { user, passwordHash });
      const { name, email, avatarUrl, version } = user;
      record(UserRegistered, { aggregateId: id, version, actorId: id, data: { user: { id, name, email, avatarUrl } } });
      const link = { kind: 'EMAIL_VERIFICATION', email, actorId: id, now } as const;
      await sendAccountLink(tx, record, link);
      return beginSession(context, tx, user);
    })
    .catch(drop)
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'email') || isUniqueViolation(error, 'user_email_key')) {
        refuseTaken();
      }
      if (isUniqueViolation(error, 'id') || isUniqueViolation(error, 'user_pkey'))
        refuse('ID_TAKEN', 'This id is taken');
      throw error;
    });
  if (created) return created;
  await mail.dropped();
  return first();
}

function refuseTaken(): never {
  return refuse('EMAIL_TAKEN', 'An account with this e-mail address exists already');
}
