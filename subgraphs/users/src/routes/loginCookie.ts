import { FLOW_MS } from '../domain/loginFlow.ts';
import { readCookie } from './readCookie.ts';

/** The cookie that holds a login with a provider while the browser is there. One at a time: the latest. */
export type LoginCookie = {
  read(header: string | undefined): string | undefined;
  /** The Set-Cookie header that keeps a sealed login until it expires. */
  write(sealed: string): string;
  clear(): string;
};

/**
 * SameSite=Lax, because the browser comes back by a redirect of the provider's, which is another site. No script can read it
 * (HttpOnly), and no other host of the domain can set one (__Host-), which would be somebody else's login.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis
 *
 * @param secure over HTTPS only; development has none
 */
export function loginCookie(secure: boolean): LoginCookie {
  const name = secure ? '__Host-taskgraph_login' : 'taskgraph_login';
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    read: (header) => readCookie(header, name),
    write: (sealed) => `${name}=${sealed}; Max-Age=${FLOW_MS / 1_000}${attributes}`,
    clear: () => `${name}=; Max-Age=0${attributes}`,
  };
}
