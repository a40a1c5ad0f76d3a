import type { Context } from '../context.ts';

/**
 * Whether this is the password of an account, which may be none: the same work then. Every way to ask that goes through here,
 * because every one could be used to try passwords out: each counts as an attempt, of the address that is tried and of the
 * client's.
 * Refusals: TOO_BUSY.
 */
export async function verifyPassword(
  { deps, client }: Pick<Context, 'deps' | 'client'>,
  account: { email: string; passwordHash: string | null },
  password: string,
): Promise<boolean> {
  const attempt = await deps.logins.begin(account.email, client.address);
  const verified = await deps.passwords.verify(account.passwordHash, password).catch(async (error: unknown) => {
    // Nothing was tried: too many wait for their turn.
    await attempt.dropped();
    throw error;
  });
  await (verified ? attempt.succeeded() : attempt.failed());
  return verified;
}
