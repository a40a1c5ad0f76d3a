/** A plain route that somebody behind the gateway answers. */
export type ProxyRoute = {
  method: 'GET' | 'POST';
  /** Where clients find it: `/auth/refresh`. Parts like `:name` stand for one segment. */
  path: string;
  /** Who answers it. What stands for a segment in the path stands for the same one here. */
  url: string;
  /**
   * The service that answers it, by the name that calls are signed for. Only such routes get a body and cookies, and may set
   * cookies; for any other, nothing of the client's request is passed on but the fact of it.
   */
  service: string | undefined;
  /**
   * Whether browsers are led here by links and redirects, of other sites too: then the query goes along and a redirect may
   * come back, and the service itself has to make sure that the person wants what it does.
   */
  page: boolean;
};

const entryPattern = /^(?:(GET|POST|PAGE) )?(\/[^\s=]*)=(?:([a-z][a-z0-9-]*)@)?(https?:\/\/\S+)$/;

/** Reads `service@url`: an address, and the name that calls to it are signed for; undefined for anything else. */
export function readService(text: string): { service: string; url: string } | undefined {
  const [, service, url] = /^([a-z][a-z0-9-]*)@(https?:\/\/\S+)$/.exec(text) ?? [];
  return service && url && URL.canParse(url) ? { service, url } : undefined;
}

/**
 * Reads `/path=url`, `POST /path=service@url` and `PAGE /path=service@url`; undefined for anything else. A POST has a body to
 * pass on and a page a query, so they name the service that their calls are signed for.
 */
export function readRoute(entry: string): ProxyRoute | undefined {
  const [, kind = 'GET', path, service, url] = entryPattern.exec(entry) ?? [];
  if (!path || !url || !URL.canParse(url) || (kind !== 'GET' && !service)) return undefined;
  return { method: kind === 'POST' ? 'POST' : 'GET', path, url, service, page: kind === 'PAGE' };
}
