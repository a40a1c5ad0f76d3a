import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** What becomes of a refresh token that was presented. */
export type RefreshDecision =
  /** It is the live one: it is used up now, and followed by another. */
  | 'rotate'
  /** It was used a moment ago, and the answer may have been lost: the same successor again. */
  | 'repeat'
  /** It was used before: two have it, and one of them has stolen it. The session ends. */
  | 'reused';

/** How long after its use a refresh token gives the same successor again, in milliseconds. */
export const REPEAT_MS = 10_000;

const TOKEN_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A refresh token: 256 random bits in base64url, which say nothing. */
export function newRefreshToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Whether a text could be a refresh token: 43 characters of base64url. */
export function isRefreshToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** What is kept of a refresh token. Nobody can try out 256 random bits, so a fast hash is enough. */
export function hashRefreshToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

/** Decides over a known refresh token of a session that goes on. */
export function decideRefresh(
  { usedAt, successor }: { usedAt: Date | null; successor: Uint8Array | null },
  now: Date,
): RefreshDecision {
  if (!usedAt) return 'rotate';
  return successor && now.getTime() - usedAt.getTime() <= REPEAT_MS ? 'repeat' : 'reused';
}

/**
 * Seals the successor so that only the token that it follows opens it: AES-256-GCM under a key that HKDF-SHA256 (RFC 5869)
 * derives from that token. Whoever reads the database has neither.
 */
export function sealSuccessor(presented: string, successor: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', successorKey(presented), iv);
  const sealed = Buffer.concat([cipher.update(successor, 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
}

/** The successor that was sealed for this token. Throws when it was sealed for another or changed. */
export function openSuccessor(presented: string, sealed: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', successorKey(presented), sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

function successorKey(presented: string): Buffer {
  return Buffer.from(hkdfSync('sha256', presented, '', 'taskgraph refresh token successor', 32));
}
