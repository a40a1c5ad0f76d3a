import { readCookie } from './readCookie.ts';

/** The cookie that holds a browser's refresh token. */
export type RefreshCookie = {
  /** The token in a Cookie header. */
  read(header: string | undefined): string | undefined;
  /** The Set-Cookie header that keeps a token until it expires. */
  write(token: string, expires: Date): string;
  /** The Set-Cookie header that removes it. */
  clear(): string;
};

/**
 * No script can read it (HttpOnly), no other site can have it sent along (SameSite=Strict: it is for requests of the
 * application's own pages, never for a link that leads there), and it goes nowhere but to /auth.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis
 *
 * @param secure over HTTPS only, under a name that browsers hold to that; development has no HTTPS
 */
export function refreshCookie(secure: boolean): RefreshCookie {
  const name = secure ? '__Secure-taskgraph_refresh' : 'taskgraph_refresh';
  const attributes = `; Path=/auth; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    read: (header) => readCookie(header, name),
    write: (token, expires) => `${name}=${token}; Expires=${expires.toUTCString()}${attributes}`,
    clear: () => `${name}=; Max-Age=0${attributes}`,
  };
}
