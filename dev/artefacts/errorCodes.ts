import { renderErrorDocs } from '#platform/renderErrorDocs.ts';

/** The page of error codes. */
export function renderErrorCodes(): Map<string, string> {
  return new Map([['docs/errors.md', renderErrorDocs()]]);
}
