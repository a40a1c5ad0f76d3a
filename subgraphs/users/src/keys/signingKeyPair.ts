import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A P-256 key with its name and its public part as a JSON Web Key (RFC 7517). */
export type SigningKeyPair = { kid: string; key: KeyObject; jwk: Record<string, string> };

/** Names a private key by its RFC 7638 thumbprint. */
export function signingKeyPair(key: KeyObject): SigningKeyPair {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' }) as Record<string, string>;
  // The required members in lexicographic order, without white space.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kid, key, jwk: { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } as Record<string, string> };
}

/** A new key. */
export function newSigningKeyPair(): SigningKeyPair {
  return signingKeyPair(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a private key for the database: AES-256-GCM under a key that HKDF-SHA256 derives from the master, bound to its name.
 * Whoever reads the database, or a backup of it, can sign nothing.
 */
export function sealKey(master: KeyObject, { kid, key }: SigningKeyPair): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(master), iv).setAAD(Buffer.from(kid));
  const sealed = Buffer.concat([cipher.update(key.export({ type: 'pkcs8', format: 'der' })), cipher.final()]);
  return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
}

/** The key that was sealed under this name; undefined when it was under another master. */
export function openKey(master: KeyObject, kid: string, sealed: Uint8Array): SigningKeyPair | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(master), sealed.subarray(0, IV_BYTES));
    decipher.setAAD(Buffer.from(kid)).setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const der = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return signingKeyPair(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  } catch {
    return undefined;
  }
}

function sealingKey(master: KeyObject): Buffer {
  const { d = '' } = master.export({ format: 'jwk' });
  return Buffer.from(hkdfSync('sha256', Buffer.from(d, 'base64url'), '', 'taskgraph signing keys', 32));
}

/** Reads a P-256 private key: PKCS8 PEM, or the base64 of it, which fits into one line. Throws when it is none. */
export function readSigningKey(text: string): KeyObject {
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('Must be a P-256 key');
  }
  return key;
}

/** A key made from a constant: the same on every start and replica in development, and known to everybody. */
export function developmentSigningKey(): KeyObject {
  const d = createHmac('sha256', 'taskgraph development access token key').digest();
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  // An uncompressed point: 4, then x and y.
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: d.toString('base64url'),
    x: x.toString('base64url'),
    y: y.toString('base64url'),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}
