import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import type { LoginFlow } from './domain/loginFlow.ts';

/** Seals logins that have begun, for the browser to keep, and opens what it sends back. */
export type Flows = {
  /** Safe in a cookie; at most about 2,000 characters. */
  seal(flow: LoginFlow): string;
  /** Null for what was not sealed here. Whether it has expired or is spent is not looked at. */
  open(sealed: string): LoginFlow | null;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under a key of its own that is derived (HKDF, RFC 5869) from the one that signs access tokens: the browser can
 * neither read the PKCE verifier and the nonce nor change anything.
 */
export function createFlows(master: KeyObject): Flows {
  const secret = master.export({ type: 'pkcs8', format: 'der' });
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'taskgraph login flows', 32));
  return {
    seal(flow) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text) {
      if (text.length > 4_096) return null;
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
        return JSON.parse(opened.toString('utf8'));
      } catch {
        return null;
      }
    },
  };
}
