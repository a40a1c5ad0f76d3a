import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';
import type { Provider } from 'oidc-provider';
import type { Scope } from '../service/scope.ts';

/** Somebody who has an account at the provider. */
export type OidcPerson = {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  picture?: string;
};

/** Another id token in place of the one that was issued. */
export type Forge = (issued: {
  claims: Record<string, unknown>;
  header: Record<string, unknown>;
  /** Signs as the provider does. */
  sign(claims: Record<string, unknown>, more?: { key?: string; algorithm?: jwt.Algorithm; kid?: string }): string;
}) => string;

/** An OpenID Connect provider on the loopback interface. */
export type OidcServer = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Tells it of the one client. It answers nothing before. */
  register(redirectUri: string): void;
  /** Who sits in front of the browser; null declines. */
  person: OidcPerson | null;
  /** Set: what comes in place of id tokens. */
  forge: Forge | undefined;
  /** Set: the status of every answer, without a body. */
  failing: number | undefined;
  /** The paths that were asked for, but for pages. */
  asked: string[];
};

const clientId = 'taskgraph';
const clientSecret = 'a secret of the client and the provider';

/**
 * Starts a real provider (oidc-provider), whose login page answers for `person`: what it is asked and what it checks is the
 * standard's. It wants PKCE, names itself in its answers (RFC 9207) and signs with ES256.
 *
 * @param inIdToken whether the person's address is in the id token, too, and not at the userinfo endpoint only
 */
export async function startOidcServer(scope: Scope, { inIdToken = false } = {}): Promise<OidcServer> {
  const { Provider: OidcProvider } = await quietly(() => import('oidc-provider'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const people = new Map<string, OidcPerson>();
  let provider: Provider | undefined;

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer('OpenID Connect provider', () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const oidc: OidcServer = {
    issuer,
    clientId,
    clientSecret,
    person: null,
    forge: undefined,
    failing: undefined,
    asked: [],
    register(redirectUri) {
      provider = quietly(
        () =>
          new OidcProvider(issuer, {
            clients: [
              {
                client_id: clientId,
                client_secret: clientSecret,
                redirect_uris: [redirectUri],
                token_endpoint_auth_method: 'client_secret_post',
                id_token_signed_response_alg: 'ES256',
              },
            ],
            jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'ES256' }] },
            cookies: { keys: ['of a test'] },
            claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
            conformIdTokenClaims: !inIdToken,
            pkce: { required: () => true },
            features: { devInteractions: { enabled: false } },
            interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
            ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
            findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
            async loadExistingGrant({ oidc: { provider: own, client, session } }) {
              const grant = new own.Grant({ clientId: client?.clientId, accountId: session?.accountId });
              grant.addOIDCScope('openid email profile');
              await grant.save();
              return grant;
            },
          }),
      );
    },
  };
  return oidc;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', issuer).pathname;
    if (!/^\/(auth|interaction)/.test(path)) oidc.asked.push(path);
    if (!provider || oidc.failing) {
      response.writeHead(oidc.failing ?? 503).end();
    } else if (path.startsWith('/interaction/')) {
      await signIn(provider, request, response);
    } else {
      if (path === '/token' && oidc.forge) replaceIdToken(response, oidc.forge);
      await provider.callback()(request, response);
    }
  }

  async function signIn(own: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { person } = oidc;
    if (person) people.set(person.sub, person);
    const result = person ? { login: { accountId: person.sub } } : { error: 'access_denied' };
    await own.interactionFinished(request, response, result);
  }

  function replaceIdToken(response: ServerResponse, forge: Forge): void {
    const end = response.end.bind(response);
    response.end = ((text: string) => {
      const body = JSON.parse(text);
      if (body.id_token) {
        const { header, payload } = jwt.decode(body.id_token, { complete: true }) as jwt.Jwt;
        const claims = payload as Record<string, unknown>;
        body.id_token = forge({ claims, header: { ...header }, sign });
      }
      const changed = JSON.stringify(body);
      response.setHeader('content-length', Buffer.byteLength(changed));
      return end(changed);
    }) as ServerResponse['end'];
  }

  function sign(claims: Record<string, unknown>, more: { key?: string; algorithm?: jwt.Algorithm; kid?: string } = {}) {
    const { key = pem, algorithm = 'ES256', kid = 'own' } = more;
    return jwt.sign(claims, key, { algorithm, keyid: kid });
  }
}

/**
 * Its warnings are for providers in production: that what it keeps is lost in the end, and that it is made for Node 22 and later,
 * though all that is used here runs on 20.
 */
function quietly<T>(work: () => T): T {
  const { warn } = console;
  const restore = () => {
    console.warn = warn;
  };
  console.warn = () => {};
  const result = work();
  if (result instanceof Promise) void result.finally(restore).catch(() => {});
  else restore();
  return result;
}
