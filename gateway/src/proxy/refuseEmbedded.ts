import type { IncomingHttpHeaders } from 'node:http';
import { refuse } from '#platform/errors.ts';

/**
 * Refuses what a browser loads into a page (an image, a frame, a script's request) of a route that is a page itself. A link
 * or a redirect may lead there from any site. Browsers say which it is (Sec-Fetch-Dest:
 * https://www.w3.org/TR/fetch-metadata/); whoever doesn't say is let through.
 *
 * @throws Refusal FORBIDDEN
 */
export function refuseEmbedded(headers: IncomingHttpHeaders): void {
  const destination = headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') refuse('FORBIDDEN', 'This is a page of its own');
}
