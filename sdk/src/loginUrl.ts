/** How somebody signs in with a provider. */
export type LoginUrlOptions = {
  /** The GraphQL endpoint; the login begins at /auth beside it. */
  url: string;
  /** One of those that `loginProviders` names. */
  provider: string;
  /** Where the browser ends up: a path of the application. Default: `/`. */
  returnTo?: string;
};

/**
 * Where a browser is led to sign in with a provider. It ends at `returnTo`, with the cookie that `keepSignedIn({ url })`
 * begins with, or with `error` in the query: one of the documented codes.
 */
export function loginUrl({ url, provider, returnTo = '/' }: LoginUrlOptions): string {
  const target = new URL(`/auth/login/${encodeURIComponent(provider)}`, url);
  target.searchParams.set('returnTo', returnTo);
  return target.href;
}
