import type { SigningKeyTimes } from '../domain/signingKey.ts';
import type { Database } from './database.ts';

/** A key as it is kept; `sealed` is null for the master itself. */
export type KeptSigningKey = SigningKeyTimes & { sealed: Uint8Array<ArrayBuffer> | null };

/** All keys, the oldest first. */
export function listSigningKeys(db: Database): Promise<KeptSigningKey[]> {
  return db.$queryRaw<KeptSigningKey[]>`
    /* background */ select kid, sealed, created_at as "createdAt", signs_from as "signsFrom", retires_at as "retiresAt"
    from signing_key order by created_at`;
}

/** Writes the master as a key that signs from now on, unless it is known: rotated away, it stays so. */
export async function insertFirstKey(db: Database, kid: string, now: Date): Promise<void> {
  const data = { kid, sealed: null, createdAt: now, signsFrom: now, retiresAt: null };
  await db.signingKey.createMany({ data: [data], skipDuplicates: true });
}

/** Writes a key. */
export async function insertSigningKey(tx: Database, key: KeptSigningKey): Promise<void> {
  await tx.signingKey.create({ data: key, select: { kid: true } });
}

/** Lets one transaction at a time change the keys. */
export async function lockSigningKeys(tx: Database): Promise<void> {
  await tx.$executeRaw`/* background */ select pg_advisory_xact_lock(hashtextextended('users.signing_keys', 0))`;
}

/** Has all keys retire then, unless they do before. */
export async function retireOthers(tx: Database, at: Date): Promise<void> {
  await tx.signingKey.updateMany({
    where: { OR: [{ retiresAt: null }, { retiresAt: { gt: at } }] },
    data: { retiresAt: at },
  });
}

/** Deletes keys that retired before this time; never the master, which would come back with the next start. */
export async function pruneSigningKeys(db: Database, before: Date): Promise<void> {
  await db.signingKey.deleteMany({ where: { retiresAt: { lt: before }, NOT: { sealed: null } } });
}
