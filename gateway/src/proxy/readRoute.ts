/** A plain route that somebody behind the gateway answers. */
export type ProxyRoute = {
  method: 'GET' | 'POST';
  /** Where clients find it: `/auth/refresh`. */
  path: string;
  url: string;
  /**
   * The service that answers it, by the name that calls are signed for. Only such routes get a body and cookies, and may set
   * cookies; for any other, nothing of the client's request is passed on but the fact of it.
   */
  service: string | undefined;
};

const entryPattern = /^(?:(GET|POST) )?(\/[^\s=]*)=(?:([a-z][a-z0-9-]*)@)?(https?:\/\/\S+)$/;

/** Reads `service@url`: an address, and the name that calls to it are signed for; undefined for anything else. */
export function readService(text: string): { service: string; url: string } | undefined {
  const [, service, url] = /^([a-z][a-z0-9-]*)@(https?:\/\/\S+)$/.exec(text) ?? [];
  return service && url && URL.canParse(url) ? { service, url } : undefined;
}

/**
 * Reads `/path=url` and `POST /path=service@url`; undefined for anything else. A POST has a body to pass on, so it names the
 * service that its call is signed for.
 */
export function readRoute(entry: string): ProxyRoute | undefined {
  const [, method = 'GET', path, service, url] = entryPattern.exec(entry) ?? [];
  if (!path || !url || !URL.canParse(url) || (method === 'POST' && !service)) return undefined;
  return { method: method as ProxyRoute['method'], path, url, service };
}
