/** A key that signs access tokens: when it does, and until when it verifies them. */
export type SigningKeyTimes = {
  kid: string;
  createdAt: Date;
  /** From here on it signs, unless a later one does. It is published from the start, so that nobody meets it unprepared. */
  signsFrom: Date;
  /** From here on it is published no more, and its tokens are refused; null while nothing has followed it. */
  retiresAt: Date | null;
};

/**
 * How long a key is published before it signs, in milliseconds: gateways ask for the keys once a minute, and on the way to
 * them an answer may be kept for a minute (Cache-Control of the key set).
 */
export const AHEAD_MS = 150_000;
/** For clocks that differ, and for tokens that are on their way. */
const MARGIN_MS = 60_000;

/** The key that signs now: of those that have begun to, the one that did last. */
export function signingKey<K extends SigningKeyTimes>(keys: readonly K[], now: Date): K | undefined {
  return publishedKeys(keys, now)
    .filter(({ signsFrom }) => signsFrom <= now)
    .reduce<K | undefined>((last, key) => (last && last.signsFrom >= key.signsFrom ? last : key), undefined);
}

/** The keys whose tokens are taken, or soon will be. */
export function publishedKeys<K extends SigningKeyTimes>(keys: readonly K[], now: Date): K[] {
  return keys.filter(({ retiresAt }) => retiresAt === null || retiresAt > now);
}

/** Whether the schedule asks for another key: the last one is so old, and nothing has followed it. */
export function isDue(keys: readonly SigningKeyTimes[], everyDays: number, now: Date): boolean {
  const last = Math.max(...keys.map(({ createdAt }) => createdAt.getTime()));
  return now.getTime() - last >= everyDays * 86_400_000;
}

/**
 * When a new key begins to sign, and when those before it retire: once the last token that they have signed has expired.
 * `compromised`: the new one signs at once and all others retire at once, which ends every access token there is; whoever has
 * a refresh token gets another.
 */
export function rotation(
  { now, tokenSeconds }: { now: Date; tokenSeconds: number },
  compromised: boolean,
): { signsFrom: Date; othersRetireAt: Date } {
  if (compromised) return { signsFrom: now, othersRetireAt: now };
  const signsFrom = new Date(now.getTime() + AHEAD_MS);
  return { signsFrom, othersRetireAt: new Date(signsFrom.getTime() + tokenSeconds * 1_000 + MARGIN_MS) };
}
