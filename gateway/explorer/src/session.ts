/**
 * The access token that operations are sent with. It lies in localStorage, so that all tabs of a browser share it: log in
 * in one, use it in another.
 */
export type Session = {
  token(): string | null;
  set(token: string | null): void;
  /** Calls `listener` when the token changes, here or in another tab. Returns what stops it. */
  subscribe(listener: () => void): () => void;
};

const KEY = 'explorer:accessToken';

export function createSession(storage: Storage = localStorage): Session {
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) notify();
  });
  return {
    token: () => storage.getItem(KEY),
    set(token) {
      if (token === storage.getItem(KEY)) return;
      if (token === null) storage.removeItem(KEY);
      else storage.setItem(KEY, token);
      notify();
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
