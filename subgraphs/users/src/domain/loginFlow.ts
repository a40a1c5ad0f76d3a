/** A login with a provider that has begun in a browser: what has to come back, and what becomes of it. */
export type LoginFlow = {
  id: string;
  /** The provider's name: another one's answer is none to this. */
  provider: string;
  state: string;
  nonce: string;
  /** PKCE (RFC 7636). */
  verifier: string;
  /** Where the browser goes in the end: a URL of the application. */
  returnTo: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Whose account the identity is linked to, and the session that wants it; absent for a login. */
  link?: { userId: string; sessionId: string };
};

/** How long a login may take, in milliseconds. */
export const FLOW_MS = 600_000;
const LONGEST = 1_000;

/**
 * Where a browser may be sent in the end: a URL on the application's origin, from a path such as `/boards?open=1`; null for
 * anything that leads elsewhere or back to /auth. What decides is the URL as browsers resolve it: `//host`, `/\host` and
 * `https:host` are all paths to somebody.
 */
export function readReturnTo(path: string, appUrl: string): string | null {
  const app = new URL(appUrl);
  if (!path.startsWith('/') || !URL.canParse(path, app)) return null;
  const target = new URL(path, app);
  const { href, origin, pathname, username, password } = target;
  if (origin !== app.origin || username || password || href.length > LONGEST) return null;
  return leadsToAuth(pathname) ? null : href;
}

/** As a server may read the path: with what is escaped in it, which may be escaped more than once, and in any case. */
function leadsToAuth(pathname: string): boolean {
  try {
    const decoded = decodeURIComponent(pathname);
    const { pathname: resolved } = new URL(decoded.replace(/^[/\\]+/, '/'), 'http://app');
    return resolved === pathname ? /^\/+auth(\/|$)/i.test(resolved) : leadsToAuth(resolved);
  } catch {
    // It is no text: nothing of the application's.
    return true;
  }
}

/** Where the browser goes when nothing came of it: the same place, with `error` in the query. */
export function withError(returnTo: string, code: string, retryAfter?: unknown): string {
  const target = new URL(returnTo);
  target.searchParams.set('error', code);
  if (typeof retryAfter === 'number') target.searchParams.set('retryAfter', String(retryAfter));
  return target.href;
}
