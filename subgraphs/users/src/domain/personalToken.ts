import { createHash, randomBytes } from 'node:crypto';

/** What a personal access token may be used for; each includes those before it. */
export type TokenScope = 'READ' | 'WRITE' | 'ADMIN';

/** A token for scripts; its secret is nowhere. */
export type PersonalToken = {
  id: string;
  userId: string;
  name: string;
  scope: TokenScope;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** How the secret of a personal token begins: gateways tell it from an access token by that, and scanners find it in code. */
export const PERSONAL_TOKEN_PREFIX = 'tgp_';

/** The secret of a new token: 256 random bits. */
export function newTokenSecret(): string {
  return PERSONAL_TOKEN_PREFIX + randomBytes(32).toString('base64url');
}

/** Whether a text could be such a secret. */
export function isTokenSecret(text: string): boolean {
  return /^tgp_[A-Za-z0-9_-]{43}$/.test(text);
}

/** What is kept of a secret: nobody can try out 256 random bits, so a fast hash is enough. */
export function hashTokenSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}
