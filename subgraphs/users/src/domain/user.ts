import { z } from 'zod';

/** A person with an account. The password's hash is kept apart: see Credentials. */
export type User = {
  id: string;
  /** Normalised; see normaliseEmail. */
  email: string;
  name: string;
  avatarUrl: string | null;
  /** When somebody who reads its mail has shown so. */
  emailVerifiedAt: Date | null;
  version: number;
  createdAt: Date;
};

/** What a login is checked against. */
export type Credentials = { user: User; passwordHash: string };

/** The form in which addresses are kept and compared: compatibility characters folded (NFKC), lower case. */
export const normaliseEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

/** An e-mail address, at most 254 characters (RFC 5321: a path of 256 with its brackets), normalised. */
export const emailSchema = z
  .string()
  .max(254, 'Must have at most 254 characters')
  .transform(normaliseEmail)
  .pipe(z.email('Must be an e-mail address').max(254, 'Must have at most 254 characters'));

/**
 * A password as its hash sees it: NFKC, so that the same password typed on another keyboard or system is the same bytes
 * (NIST SP 800-63B, 5.1.1.2). Capped before it is normalised or hashed.
 */
export const presentedPasswordSchema = z
  .string()
  .max(512, 'Must have at most 128 characters')
  .transform((password) => password.normalize('NFKC'));

/** A new password: 12 to 128 characters. */
export const newPasswordSchema = presentedPasswordSchema.refine(
  (password) => [...password].length >= 12 && [...password].length <= 128,
  'Must have 12 to 128 characters',
);
