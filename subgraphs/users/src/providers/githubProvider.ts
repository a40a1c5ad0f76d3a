import * as client from 'openid-client';
import { z } from 'zod';
import type { Logger } from '#platform/logger.ts';
import type { Provider } from './provider.ts';
import { type GithubConfig, issuerOf } from './providersSchema.ts';
import { refuseLogin } from './refuseLogin.ts';

const TIMEOUT_SECONDS = 4;
/** https://docs.github.com/en/rest/users/users#get-the-authenticated-user */
const userSchema = z.object({
  id: z.int().positive(),
  login: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
});
/** https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user */
const emailsSchema = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/**
 * GitHub, which speaks OAuth 2.0 and no OpenID Connect: who it was is asked of its API. The address is the primary one, if it is
 * verified. Of two servers that could be mixed up, each has a redirect URI of its own (RFC 9700, 4.4).
 */
export function githubProvider(
  config: GithubConfig,
  { redirectUri, log }: { redirectUri: string; log: Logger },
): Provider {
  const { name, clientId, clientSecret, scopes } = config;
  const issuer = issuerOf(config);
  const guarded = { provider: name, log };
  const base = issuer.replace(/\/$/, '');
  const configuration = new client.Configuration(
    { issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/access_token` },
    clientId,
    {},
    client.ClientSecretPost(clientSecret),
  );
  configuration.timeout = TIMEOUT_SECONDS;
  if (base.startsWith('http:') || config.apiUrl.startsWith('http:')) client.allowInsecureRequests(configuration);

  async function get<T>(path: string, accessToken: string, schema: z.ZodType<T>): Promise<T> {
    const url = new URL(`${config.apiUrl.replace(/\/$/, '')}${path}`);
    const headers = new Headers({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' });
    const response = await client.fetchProtectedResource(configuration, accessToken, url, 'GET', undefined, headers);
    if (!response.ok) throw new client.ClientError(`GET ${path} answers ${response.status}`, { cause: response });
    return schema.parse(await response.json());
  }

  return {
    name,
    label: config.label ?? 'GitHub',
    issuer,

    begin: ({ state, verifier }) =>
      refuseLogin(guarded, async () =>
        client.buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri,
          response_type: 'code',
          scope: scopes.join(' '),
          state,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        }),
      ),

    finish: (query, { state, verifier }) =>
      refuseLogin(guarded, async () => {
        const { access_token: accessToken } = await client.authorizationCodeGrant(
          configuration,
          new URL(query, redirectUri),
          { expectedState: state, pkceCodeVerifier: verifier },
        );
        const [user, emails] = await Promise.all([
          get('/user', accessToken, userSchema),
          get('/user/emails', accessToken, emailsSchema),
        ]);
        const primary = emails.find((one) => one.primary);
        return {
          issuer,
          subject: String(user.id),
          email: primary?.email ?? null,
          emailVerified: primary?.verified ?? false,
          name: user.name || user.login,
          avatarUrl: user.avatar_url ?? null,
        };
      }),
  };
}
