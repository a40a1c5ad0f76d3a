/** What a link of an e-mail about an account does. */
export type AccountLinkKind = 'PASSWORD_RESET' | 'EMAIL_VERIFICATION';

/** A link that was asked for, for an address that somebody has or nobody. */
export type AccountLink = {
  id: string;
  kind: AccountLinkKind;
  /** Normalised. */
  email: string;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
};

/** How long a link holds, in hours. */
const HOURS: Record<AccountLinkKind, number> = { PASSWORD_RESET: 1, EMAIL_VERIFICATION: 48 };

/** A new link. */
export function newAccountLink(given: { id: string; kind: AccountLinkKind; email: string; now: Date }): AccountLink {
  const { id, kind, email, now } = given;
  const expiresAt = new Date(now.getTime() + HOURS[kind] * 3_600_000);
  return { id, kind, email, createdAt: now, expiresAt, usedAt: null };
}

/** Whether a link still holds. */
export function isOpen({ usedAt, expiresAt }: AccountLink, now: Date): boolean {
  return usedAt === null && expiresAt > now;
}
