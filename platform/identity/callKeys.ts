import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** The keys of calls between services: one for each direction of each pair. */
export type CallKeys = {
  /** @throws Error when this process was not given the key. */
  get(caller: string, callee: string): KeyObject;
  has(caller: string, callee: string): boolean;
};

const entryPattern = /^([a-z][a-z0-9-]*)>([a-z][a-z0-9-]*):([A-Za-z0-9_-]{43})$/;

/**
 * Reads CALL_KEYS: `caller>callee:key,…`, each key the base64url of 32 bytes (43 characters, no padding).
 * Outside production an absent text means keys derived from a constant: good enough for a laptop, and known to everybody.
 */
export function parseCallKeys(text: string | undefined, production: boolean): CallKeys {
  if (!text) {
    if (production) throw new Error('CALL_KEYS is required in production');
    return developmentKeys();
  }
  const problems = callKeysProblems(text);
  if (problems.length > 0) throw new Error(`CALL_KEYS: ${problems.join('; ')}`);
  const keys = new Map<string, KeyObject>();
  for (const entry of entriesOf(text)) {
    const [, caller, callee, key] = entryPattern.exec(entry) as unknown as [string, string, string, string];
    keys.set(`${caller}>${callee}`, createSecretKey(Buffer.from(key, 'base64url')));
  }
  return {
    has: (caller, callee) => keys.has(`${caller}>${callee}`),
    get(caller, callee) {
      const key = keys.get(`${caller}>${callee}`);
      if (!key) throw new Error(`CALL_KEYS has no key for ${caller}>${callee}`);
      return key;
    },
  };
}

/** What is wrong with a CALL_KEYS text, without any of its keys. */
export function callKeysProblems(text: string): string[] {
  const seen = new Set<string>();
  return entriesOf(text).flatMap((entry, index) => {
    const match = entryPattern.exec(entry);
    if (!match) return [`entry ${index + 1} is not caller>callee:<base64url of 32 bytes>`];
    const pair = `${match[1]}>${match[2]}`;
    if (seen.has(pair)) return [`${pair} is given twice`];
    seen.add(pair);
    return [];
  });
}

const entriesOf = (text: string): string[] => text.split(',').map((entry) => entry.trim());

function developmentKeys(): CallKeys {
  const keys = new Map<string, KeyObject>();
  return {
    has: () => true,
    get(caller, callee) {
      const pair = `${caller}>${callee}`;
      let key = keys.get(pair);
      if (!key) {
        key = createSecretKey(createHmac('sha256', 'taskgraph development call keys').update(pair).digest());
        keys.set(pair, key);
      }
      return key;
    },
  };
}
