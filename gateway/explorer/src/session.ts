/**
 * The access token that this tab's operations are sent with. Each tab has its own, in sessionStorage: somebody can be signed
 * in here and somebody else there. A new tab begins with the login that came last, which lies in localStorage. A token that
 * has expired counts as none: a server would refuse even a login that comes with it.
 */
export type Session = {
  token(): string | null;
  set(token: string | null): void;
  /** Calls `listener` when the token changes or expires. Returns what stops it. */
  subscribe(listener: () => void): () => void;
};

/** gateway/src/explorer/sandboxScript.ts keeps the token under the same name. */
const KEY = 'explorer:accessToken';
/** Stands in a tab for "signed out here", which a reload must not undo. */
const NOBODY = '';

export function createSession(tab: Storage = sessionStorage, browser: Storage = localStorage): Session {
  const listeners = new Set<() => void>();
  let expiry: ReturnType<typeof setTimeout> | undefined;

  const token = () => {
    const stored = tab.getItem(KEY) || null;
    const { expiresAt } = stored ? describeToken(stored) : { expiresAt: null };
    return expiresAt && expiresAt.getTime() <= Date.now() ? null : stored;
  };
  const changed = () => {
    clearTimeout(expiry);
    const current = token();
    const { expiresAt } = current ? describeToken(current) : { expiresAt: null };
    if (expiresAt) expiry = setTimeout(changed, Math.min(expiresAt.getTime() - Date.now() + 100, 2 ** 31 - 1));
    for (const listener of listeners) listener();
  };
  if (tab.getItem(KEY) === null) tab.setItem(KEY, browser.getItem(KEY) ?? NOBODY);
  changed();

  return {
    token,
    set(value) {
      const before = tab.getItem(KEY);
      if ((value ?? NOBODY) === before) return;
      tab.setItem(KEY, value ?? NOBODY);
      if (value !== null) browser.setItem(KEY, value);
      // Somebody else's login, in another tab, is not ours to end.
      else if (browser.getItem(KEY) === before) browser.removeItem(KEY);
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The first string called `field` in a JSON value. */
export function findToken(value: unknown, field: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (key === field && typeof item === 'string' && item) return item;
    const inside = findToken(item, field);
    if (inside) return inside;
  }
  return null;
}

/** Who a token says it is for, and until when, if it is a JWT. Nothing is verified here: it is only shown. */
export function describeToken(token: string): { subject: string | null; expiresAt: Date | null } {
  try {
    const [, payload = ''] = token.split('.');
    const { sub, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return {
      subject: typeof sub === 'string' ? sub : null,
      expiresAt: typeof exp === 'number' ? new Date(exp * 1000) : null,
    };
  } catch {
    return { subject: null, expiresAt: null };
  }
}
