import type { GraphQLFormattedError } from 'graphql';
import { errorOf, TaskgraphError } from './TaskgraphError.ts';

/** What a login, a registration or a refresh gives. `expiresAt` is when the access token expires, in RFC 3339. */
export type Tokens = { accessToken: string; expiresAt: string; refreshToken?: string };

/** Somebody who stays signed in. */
export type SignedIn = {
  /** An access token that is good for a while: give it to createClient as `token`. */
  token(): Promise<string>;
  /**
   * Asks to link another identity, of a provider that `loginProviders` names. Lead this very browser to the URL: it ends at
   * `returnTo`, a path of the application, with `error` in its query when nothing came of it.
   */
  linkUrl(provider: string, returnTo?: string): Promise<string>;
  /** Ends the session. */
  signOut(): Promise<void>;
};

/** How somebody stays signed in. */
export type SignedInOptions = {
  /** The GraphQL endpoint; the session is refreshed at /auth beside it. */
  url: string;
  /** What the login gave. Left out in a browser that has the cookie: it is asked for an access token at the first use. */
  tokens?: Tokens;
  /** Told of each new pair, to keep the refresh token where it outlives the program. The one before is good for nothing. */
  onTokens?: (tokens: Tokens) => void | Promise<void>;
  /** In place of the global fetch. */
  fetch?: typeof fetch;
};

/** An access token that expires so soon is not given out any more. */
const EARLY_MS = 30_000;

/**
 * Keeps somebody signed in: refreshes the access token before it expires, once for all who ask meanwhile. A refresh whose
 * answer was lost is sent again, which the server answers with the same tokens for ten seconds.
 */
export function keepSignedIn(options: SignedInOptions): SignedIn {
  let { tokens } = options;
  let refreshing: Promise<string> | undefined;

  async function post(path: string, more: object = {}): Promise<unknown> {
    const send = options.fetch ?? fetch;
    const target = new URL(path, options.url);
    let response: Response;
    let answer: { errors?: GraphQLFormattedError[] };
    try {
      response = await send(target, {
        method: 'POST',
        // The server asks for it of whoever comes with the cookie: no form of another site can send it.
        headers: { 'content-type': 'application/json', 'x-requested-with': 'taskgraph' },
        body: JSON.stringify({ ...more, ...(tokens?.refreshToken && { refreshToken: tokens.refreshToken }) }),
      });
      answer = await response.json();
    } catch (cause) {
      throw new TaskgraphError('NETWORK_ERROR', `${target} could not be reached`, { cause });
    }
    if (answer.errors?.length) throw errorOf(answer.errors);
    if (!response.ok) throw new TaskgraphError('BAD_RESPONSE', `${target} answered ${response.status}`);
    return answer;
  }

  async function refresh(): Promise<string> {
    const again = (error: unknown) => {
      if (error instanceof TaskgraphError && error.code === 'NETWORK_ERROR') return post('/auth/refresh');
      throw error;
    };
    tokens = (await post('/auth/refresh').catch(again)) as Tokens;
    await options.onTokens?.(tokens);
    return tokens.accessToken;
  }

  return {
    async token() {
      if (tokens && Date.parse(tokens.expiresAt) - Date.now() > EARLY_MS) return tokens.accessToken;
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    async linkUrl(provider, returnTo = '/') {
      // Only the latest refresh token counts.
      await refreshing?.catch(() => {});
      const answer = await post(`/auth/link/${encodeURIComponent(provider)}`, { returnTo });
      return (answer as { url: string }).url;
    },
    async signOut() {
      await refreshing?.catch(() => {});
      await post('/auth/logout');
      tokens = undefined;
    },
  };
}
