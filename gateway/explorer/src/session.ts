/**
 * The access token that operations are sent with. It lies in localStorage, so that all tabs of a browser share it: log in
 * in one, use it in another. One that has expired counts as none: a server would refuse even a login that comes with it.
 */
export type Session = {
  token(): string | null;
  set(token: string | null): void;
  /** Calls `listener` when the token changes, here or in another tab, or expires. Returns what stops it. */
  subscribe(listener: () => void): () => void;
};

const KEY = 'explorer:accessToken';

export function createSession(storage: Storage = localStorage): Session {
  const listeners = new Set<() => void>();
  let expiry: ReturnType<typeof setTimeout> | undefined;

  const token = () => {
    const stored = storage.getItem(KEY);
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
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) changed();
  });
  changed();

  return {
    token,
    set(value) {
      if (value === storage.getItem(KEY)) return;
      if (value === null) storage.removeItem(KEY);
      else storage.setItem(KEY, value);
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
