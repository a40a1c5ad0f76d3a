/** A cookie as a browser keeps it. */
type Cookie = { name: string; value: string; path: string; sameSite: string };

/** Where a browser has ended up. */
export type Visit = {
  url: string;
  /** Of the answer there; 0 for a page of the application, which nobody serves here. */
  status: number;
  text: string;
};

/** A browser as far as logins need one: cookies by host, with Path and SameSite, and redirects. It runs no scripts. */
export type Browser = {
  /**
   * Follows a link of a page of the application, or of another `site`, until there is a page, or it is about to open what
   * `until` says.
   */
  open(
    url: string | URL,
    how?: { site?: 'same-origin' | 'cross-site' | 'none'; until?: (url: URL) => boolean },
  ): Promise<Visit>;
  /** Sends what a script of the application would. */
  post(url: string | URL, body: object): Promise<Response>;
  /** The Cookie header that goes to a URL with a request of the same site. */
  cookies(url: string | URL): string;
  /** Keeps what these Set-Cookie headers of a URL say. */
  keep(url: string | URL, lines: string[]): void;
  /** Forgets the cookies of a URL's host. */
  forget(url: string | URL): void;
  /** The redirects so far, in order. */
  trail: string[];
};

/**
 * @param app the application's origin: what isn't under /auth there is a page that a visit ends at
 * @param send in place of fetch: for an application that is nowhere
 */
export function createBrowser(app: string, send: typeof fetch = fetch): Browser {
  const jar = new Map<string, Map<string, Cookie>>();
  const trail: string[] = [];

  const headerOf = (url: URL, site: string) =>
    [...(jar.get(url.host)?.values() ?? [])]
      .filter(({ path }) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      // On the way from another site, a navigation has what is Lax and nothing that is Strict.
      .filter(({ sameSite }) => site !== 'cross-site' || sameSite !== 'strict')
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');

  function keep(url: URL, lines: string[]): void {
    const own = jar.get(url.host) ?? new Map<string, Cookie>();
    jar.set(url.host, own);
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const given = new Map(
        attributes.map((text) => [text.split('=')[0]?.toLowerCase(), text.slice(text.indexOf('=') + 1)]),
      );
      const ended = given.get('max-age') === '0' || Date.parse(given.get('expires') ?? '') < Date.now();
      if (ended) own.delete(name);
      else
        own.set(name, {
          name,
          value,
          path: given.get('path') ?? '/',
          sameSite: (given.get('samesite') ?? 'lax').toLowerCase(),
        });
    }
  }

  return {
    trail,
    keep: (url, lines) => keep(new URL(url), lines),
    forget: (url) => void jar.delete(new URL(url).host),
    cookies: (url) => headerOf(new URL(url), 'same-origin'),
    async open(start, { site: from = 'same-origin', until } = {}) {
      let url = new URL(start);
      let site: string = from;
      for (let hops = 0; hops < 20; hops += 1) {
        const arrived = url.origin === new URL(app).origin && !url.pathname.startsWith('/auth/');
        if (arrived || (hops > 0 && until?.(url))) return { url: url.href, status: 0, text: '' };
        const cookie = headerOf(url, site);
        const response = await send(url, {
          redirect: 'manual',
          headers: {
            'sec-fetch-site': site,
            'sec-fetch-dest': 'document',
            'user-agent': firefox,
            ...(cookie && { cookie }),
          },
        });
        keep(url, response.headers.getSetCookie());
        const location = response.headers.get('location');
        if (!location) return { url: url.href, status: response.status, text: await response.text() };
        await response.body?.cancel();
        const next = new URL(location, url);
        // It stays one, however it goes on: the whole chain counts.
        if (next.origin !== url.origin) site = 'cross-site';
        url = next;
        trail.push(url.href);
      }
      throw new Error('These redirects have no end');
    },
    async post(target, body) {
      const url = new URL(target);
      const cookie = headerOf(url, 'same-origin');
      const response = await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-requested-with': 'browser',
          'sec-fetch-site': 'same-origin',
          'user-agent': firefox,
          ...(cookie && { cookie }),
        },
        body: JSON.stringify(body),
      });
      keep(url, response.headers.getSetCookie());
      return response;
    },
  };
}

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
