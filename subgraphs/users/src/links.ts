import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';

/** What a link stands for: a thing, and the issue of it, of which only the latest may hold. */
export type LinkSubject = { id: string; issue: number };

/** Signs what links carry, and reads it back. A token for one purpose is none for another. */
export type Links = {
  /** A token that is safe in a URL: about 80 characters. It says nothing of when it expires: that is kept with the thing. */
  sign(purpose: string, subject: LinkSubject): string;
  /** What a token stands for; null unless it was signed here for this purpose. */
  read(purpose: string, token: string): LinkSubject | null;
};

const idBytes = 16;
const issueBytes = 4;
const macBytes = 32;

/**
 * Links signed with HMAC-SHA256, under a key of their own that is derived (HKDF, RFC 5869) from the one that signs access
 * tokens: nothing else has to be configured, and neither signs what the other one does.
 */
export function createLinks(master: KeyObject): Links {
  const secret = master.export({ type: 'pkcs8', format: 'der' });
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'taskgraph links', 32)));
  const mac = (purpose: string, content: Buffer) =>
    createHmac('sha256', key).update(`${purpose}\n`).update(content).digest();
  return {
    sign(purpose, { id, issue }) {
      const content = Buffer.alloc(idBytes + issueBytes);
      content.write(id.replaceAll('-', ''), 'hex');
      content.writeUInt32BE(issue, idBytes);
      return Buffer.concat([content, mac(purpose, content)]).toString('base64url');
    },
    read(purpose, token) {
      if (token.length > 100) return null;
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== idBytes + issueBytes + macBytes) return null;
      const content = bytes.subarray(0, idBytes + issueBytes);
      if (!timingSafeEqual(mac(purpose, content), bytes.subarray(idBytes + issueBytes))) return null;
      const hex = content.toString('hex', 0, idBytes);
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return { id, issue: content.readUInt32BE(idBytes) };
    },
  };
}
