import type { KeyObject } from 'node:crypto';
import { isDue, rotation } from '../domain/signingKey.ts';
import type { Database } from '../store/database.ts';
import { insertSigningKey, listSigningKeys, lockSigningKeys, retireOthers } from '../store/signingKeys.ts';
import { newSigningKeyPair, sealKey } from './signingKeyPair.ts';

/** Which rotation: of the schedule, only when the last key is so many days old; or one that is asked for. */
export type Rotation = { everyDays: number } | { compromised: boolean };

/**
 * Makes a new key of access tokens and says when those before it retire. One process at a time. Returns the name of the new
 * key and when it begins to sign; null when the schedule asks for none.
 */
export async function rotateKeys(
  tx: Database,
  { master, tokenSeconds, now }: { master: KeyObject; tokenSeconds: number; now: Date },
  which: Rotation,
): Promise<{ kid: string; signsFrom: Date; othersRetireAt: Date } | null> {
  await lockSigningKeys(tx);
  if ('everyDays' in which && !isDue(await listSigningKeys(tx), which.everyDays, now)) return null;
  const times = rotation({ now, tokenSeconds }, 'compromised' in which && which.compromised);
  const pair = newSigningKeyPair();
  await retireOthers(tx, times.othersRetireAt);
  await insertSigningKey(tx, {
    kid: pair.kid,
    sealed: sealKey(master, pair),
    createdAt: now,
    signsFrom: times.signsFrom,
    retiresAt: null,
  });
  return { kid: pair.kid, ...times };
}
