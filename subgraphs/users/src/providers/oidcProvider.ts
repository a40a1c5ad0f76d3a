import * as client from 'openid-client';
import type { Logger } from '#platform/logger.ts';
import type { Provider } from './provider.ts';
import { issuerOf, type OidcConfig } from './providersSchema.ts';
import { AwayError, refuseLogin } from './refuseLogin.ts';

/** How long what a provider says of itself is taken for true, in milliseconds. */
const DISCOVERED_MS = 3_600_000;
const TIMEOUT_SECONDS = 4;

/**
 * OpenID Connect: authorization code with PKCE, state and nonce. The library compares `iss` of the answer (RFC 9207), and
 * iss, aud, azp, exp and nonce of the id token; its signature is verified too, though it comes straight from the provider.
 */
export function oidcProvider(config: OidcConfig, { redirectUri, log }: { redirectUri: string; log: Logger }): Provider {
  const { name, clientId, clientSecret, scopes } = config;
  const auth = config.clientAuth === 'client_secret_basic' ? client.ClientSecretBasic : client.ClientSecretPost;
  const issuer = new URL(config.issuer);
  const guarded = { provider: name, log };
  let discovered: { at: number; configuration: Promise<client.Configuration> } | undefined;

  /** What the provider says of itself, asked for once in a while; a failure is not kept. */
  function discover(): Promise<client.Configuration> {
    if (discovered && Date.now() - discovered.at < DISCOVERED_MS) return discovered.configuration;
    const insecure = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    const configuration = client
      .discovery(issuer, clientId, {}, auth(clientSecret), {
        timeout: TIMEOUT_SECONDS,
        execute: [client.enableNonRepudiationChecks, ...insecure],
      })
      .catch((cause: unknown) => {
        discovered = undefined;
        throw new AwayError('its metadata cannot be had', { cause });
      });
    discovered = { at: Date.now(), configuration };
    return configuration;
  }

  return {
    name,
    label: config.label ?? name,
    issuer: issuerOf(config),

    begin: ({ state, nonce, verifier }) =>
      refuseLogin(guarded, async () =>
        client.buildAuthorizationUrl(await discover(), {
          redirect_uri: redirectUri,
          response_type: 'code',
          scope: scopes.join(' '),
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        }),
      ),

    finish: (query, { state, nonce, verifier }) =>
      refuseLogin(guarded, async () => {
        const configuration = await discover();
        const tokens = await client.authorizationCodeGrant(configuration, new URL(query, redirectUri), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const token = tokens.claims() as client.IDToken;
        const asked = token.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
        const claims = asked
          ? await client.fetchUserInfo(configuration, tokens.access_token, token.sub)
          : (token as unknown as client.UserInfoResponse);
        return {
          issuer: issuerOf(config),
          subject: token.sub,
          email: claims.email ?? null,
          // Some say it in a string (Sign in with Apple).
          emailVerified: claims.email_verified === true || String(claims.email_verified) === 'true',
          name: claims.name ?? claims.preferred_username ?? null,
          avatarUrl: claims.picture ?? null,
        };
      }),
  };
}
