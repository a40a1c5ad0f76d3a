import type { IncomingHttpHeaders } from 'node:http';
import { refuse } from '#platform/errors.ts';

/**
 * Refuses what a page of another site has had the browser send (cross-site request forgery), for a route that goes by
 * cookies. A browser says where a request comes from (Sec-Fetch-Site: https://www.w3.org/TR/fetch-metadata/); one that
 * doesn't is asked for the Origin, which has to be this very host. Whoever comes with a cookie also sends the header
 * X-Requested-With, with whatever value: no form can, and a script of another site only if it were allowed to.
 *
 * @throws Refusal FORBIDDEN
 */
export function refuseCrossSite(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site'];
  const foreign = site
    ? site !== 'same-origin'
    : headers.origin !== undefined && hostOf(headers.origin) !== headers.host;
  if (foreign) refuse('FORBIDDEN', 'This is only for pages of this very site');
  if (headers.cookie !== undefined && !headers['x-requested-with']) {
    refuse('FORBIDDEN', 'A request with a cookie needs the header X-Requested-With');
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
