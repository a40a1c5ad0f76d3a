import { z } from 'zod';

/** What a person may do beyond all workspaces. */
export type GlobalRole = 'USER' | 'ADMIN';

/** A person with an account. The password's hash is kept apart: see Credentials. */
export type User = {
  id: string;
  /** Normalised; see normaliseEmail. */
  email: string;
  name: string;
  avatarUrl: string | null;
  /** When somebody who reads its mail has shown so. */
  emailVerifiedAt: Date | null;
  locale: string | null;
  timeZone: string | null;
  role: GlobalRole;
  suspendedAt: Date | null;
  version: number;
  createdAt: Date;
};

/** What somebody is called who has deleted their account. */
export const DELETED_NAME = 'Deleted user';

/** What a login is checked against. No hash: the person has set no password, and signs in with a provider. */
export type Credentials = { user: User; passwordHash: string | null };

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

/** A language tag (BCP 47), in its canonical form. */
export const localeSchema = z
  .string()
  .max(35, 'Must have at most 35 characters')
  .refine(isLocale, 'Must be a language tag, such as de-CH')
  .transform((tag) => Intl.getCanonicalLocales(tag)[0] as string);

/** A time zone of the IANA database. */
export const timeZoneSchema = z
  .string()
  .max(64, 'Must have at most 64 characters')
  .refine(isTimeZone, 'Must be a time zone of the IANA database, such as Europe/Zurich');

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  // An offset is a time zone to Intl, and changes to nothing in summer.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A new password: 12 to 128 characters. */
export const newPasswordSchema = presentedPasswordSchema.refine(
  (password) => [...password].length >= 12 && [...password].length <= 128,
  'Must have 12 to 128 characters',
);
