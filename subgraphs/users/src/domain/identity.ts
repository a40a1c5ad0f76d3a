import { z } from 'zod';
import { lineSchema } from '#platform/text.ts';
import { emailSchema, type User } from './user.ts';

/** What a person signs in with at a provider. */
export type Identity = {
  id: string;
  userId: string;
  /** The provider's name when it was linked. */
  provider: string;
  /** Who vouches for the subject. */
  issuer: string;
  /** The person there; never anybody else. */
  subject: string;
  /** What the provider said last. */
  email: string | null;
  createdAt: Date;
  lastUsedAt: Date;
};

/** What a provider says of somebody who has just signed in there. */
export type ProvedPerson = {
  issuer: string;
  subject: string;
  email: string | null;
  /** Whether the provider knows that the address is theirs. */
  emailVerified: boolean;
  name: string | null;
  avatarUrl: string | null;
};

/** What becomes of a login by an identity that nobody has yet. */
export type FirstLogin = 'create' | 'link' | 'EMAIL_UNVERIFIED' | 'EMAIL_TAKEN';

/**
 * Decides over the first login by an identity. Only a verified address leads to an account: it makes one where nobody has it,
 * and leads into the one that has it only if that is verified, too. An account with an address that nobody has verified may
 * have been made by somebody else, who knows its password and waits for its owner to come (pre-hijacking:
 * https://www.usenix.org/conference/usenixsecurity22/presentation/sudhodanan): its owner takes it over by a password reset,
 * which ends what the other one has, and links the identity then.
 */
export function decideFirstLogin(email: string | null, account: Pick<User, 'emailVerifiedAt'> | null): FirstLogin {
  if (email === null) return 'EMAIL_UNVERIFIED';
  if (!account) return 'create';
  return account.emailVerifiedAt ? 'link' : 'EMAIL_TAKEN';
}

/**
 * The address that a provider has verified, normalised; null when there is none. An address with letters that normalising
 * makes others of (ａ, K for k) is another address to the provider, and none to us.
 */
export function verifiedEmail({ email, emailVerified }: Pick<ProvedPerson, 'email' | 'emailVerified'>): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!email || !emailVerified || /[^\x00-\x7f]/.test(email)) return null;
  return emailSchema.safeParse(email).data ?? null;
}

const nameSchema = lineSchema(80);
const avatarSchema = z.url({ protocol: /^https$/ }).max(2048);

/** The profile that a new account begins with: what the provider says of it, as far as we take it. */
export function profileOf({ name, avatarUrl }: ProvedPerson, email: string): Pick<User, 'name' | 'avatarUrl'> {
  const fallback = [...(email.split('@', 1)[0] as string)].slice(0, 80).join('');
  return {
    name: nameSchema.safeParse([...(name ?? '')].slice(0, 80).join('')).data ?? fallback,
    avatarUrl: avatarSchema.safeParse(avatarUrl).data ?? null,
  };
}

/** The ways into an account: a password, and identities. */
export type WaysIn = { userId: string; hasPassword: boolean; identities: { id: string; issuer: string }[] };

/**
 * Whether an identity can be unlinked: something has to be left to sign in with, a password or another identity.
 * @param known whether people can sign in with this issuer at present
 */
export function canUnlink(
  { hasPassword, identities }: WaysIn,
  id: string,
  known: (issuer: string) => boolean,
): boolean {
  return hasPassword || identities.some((other) => other.id !== id && known(other.issuer));
}
