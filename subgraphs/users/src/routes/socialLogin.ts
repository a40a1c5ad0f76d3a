import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { z } from 'zod';
import { Refusal, refuse, refuseInput } from '#platform/errors.ts';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import type { Nonces } from '#platform/identity/nonces.ts';
import { newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { callOf, requireSignedCalls } from '#platform/service/signedCalls.ts';
import { enterByIdentity } from '../commands/enterByIdentity.ts';
import { linkIdentity } from '../commands/identities.ts';
import { createContext } from '../context.ts';
import type { Deps } from '../deps.ts';
import { FLOW_MS, type LoginFlow, readReturnTo, withError } from '../domain/loginFlow.ts';
import { hashRefreshToken, isRefreshToken } from '../domain/refreshToken.ts';
import type { Provider } from '../providers/provider.ts';
import { spendLogin } from '../store/identities.ts';
import { findLiveSession } from '../store/sessions.ts';
import { loginCookie } from './loginCookie.ts';
import { refreshCookie } from './refreshCookie.ts';

const returnTo = z.string().max(500).default('/');
const beginInput = z.strictObject({ returnTo });
const linkInput = z.strictObject({ refreshToken: z.string().max(200).optional(), returnTo });

/**
 * Signing in with a provider (docs/social-login.md): pages that a browser is led through, and what a signed-in one asks for to
 * link another identity. What a login has to bring back stays sealed with the browser that began it. Nothing but documented
 * codes comes back, in the query of the page that the browser ends at.
 */
export function serveSocialLogin(
  app: FastifyInstance,
  options: { deps: Deps; keys: CallKeys; nonces: Nonces; appUrl: string; secure: boolean },
): void {
  const { deps, keys, nonces, appUrl, secure } = options;
  const cookie = loginCookie(secure);
  const refresh = refreshCookie(secure);

  app.register(async (scope) => {
    requireSignedCalls(scope, { callee: app.serviceName, allow: ['gateway'], keys, nonces });
    scope.addHook('onSend', async (_request, reply) => {
      // What leads to the application and back has a code or a state in its address.
      reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    });

    scope.get('/auth/login/:provider', { exposeHeadRoute: false }, async (request, reply) => {
      const provider = providerOf(request);
      const back = placeOf(parseInput(beginInput, request.query, []).returnTo);
      const begun = await begin(provider, back).catch(asRefusal);
      if (begun instanceof Refusal) return goOn(reply, failed(back, begun));
      return goOn(reply.header('set-cookie', cookie.write(begun.sealed)), begun.url);
    });

    scope.get('/auth/callback/:provider', { exposeHeadRoute: false }, async (request, reply) => {
      const provider = providerOf(request);
      const now = deps.now();
      const flow = deps.flows.open(cookie.read(request.headers.cookie) ?? '');
      const query = new URL(request.url, appUrl).search;
      const known =
        flow?.provider === provider.name && flow.expiresAt > now.getTime() && isStateOf(query, flow) ? flow : null;
      // Spent before anything is asked of the provider, whatever comes of it.
      if (!known || !(await spendLogin(deps.prisma, known.id, new Date(known.expiresAt)))) {
        const expired = new Refusal(
          'LOGIN_EXPIRED',
          'This login was not begun here, took too long, or came back before',
        );
        return goOn(reply, failed(flow?.returnTo ?? placeOf('/'), expired));
      }
      reply.header('set-cookie', cookie.clear());
      const refusal = await finish(request, reply, { provider, flow: known, query }).catch(asRefusal);
      return goOn(reply, refusal ? failed(known.returnTo, refusal) : known.returnTo);
    });

    scope.post('/auth/link/:provider', async (request, reply) => {
      const provider = providerOf(request);
      const input = parseInput(linkInput, request.body, []);
      const back = placeOf(input.returnTo);
      const presented = input.refreshToken ?? refresh.read(request.headers.cookie) ?? '';
      const session =
        isRefreshToken(presented) && (await findLiveSession(deps.prisma, hashRefreshToken(presented), deps.now()));
      if (!session) return refuse('UNAUTHENTICATED', 'Sign in first');
      const { url, sealed } = await begin(provider, back, { userId: session.userId, sessionId: session.id });
      return reply.header('set-cookie', cookie.write(sealed)).send({ url });
    });
  });

  function providerOf(request: FastifyRequest): Provider {
    const { provider } = request.params as { provider: string };
    return deps.providers.find(provider) ?? refuse('NOT_FOUND', 'There is no such provider');
  }

  function placeOf(path: string): string {
    return (
      readReturnTo(path, appUrl) ?? refuseInput([{ path: ['returnTo'], message: 'Must be a path of the application' }])
    );
  }

  async function begin(provider: Provider, back: string, link?: LoginFlow['link']) {
    const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const { href: url } = await provider.begin(checks);
    const expiresAt = deps.now().getTime() + FLOW_MS;
    const flow = { id: newId(), provider: provider.name, ...checks, returnTo: back, expiresAt };
    return { url, sealed: deps.flows.seal(link ? { ...flow, link } : flow) };
  }

  /** Each is an attempt of the client's address: failed ones make the provider be asked for nothing. */
  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    { provider, flow, query }: { provider: Provider; flow: LoginFlow; query: string },
  ): Promise<void> {
    const context = createContext(deps, { ...callOf(request), viewer: null });
    const attempt = await deps.logins.begin(`login ${flow.id}`, context.client.address);
    const proved = { provider: provider.name, person: await provider.finish(query, flow) };
    if (flow.link) {
      await linkIdentity(context, flow.link, proved);
      return attempt.succeeded();
    }
    const { refreshToken, session } = await enterByIdentity(context, proved);
    await attempt.succeeded();
    // As a second header, next to the one that removes the login.
    reply.header('set-cookie', refresh.write(refreshToken, session.expiresAt));
  }

  function failed(back: string, { code, extensions }: Refusal): string {
    return withError(back, code, extensions.retryAfter);
  }
}

/** 303, so that nothing is posted to where it leads (RFC 9700, 4.12). */
function goOn(reply: FastifyReply, url: string): FastifyReply {
  return reply.code(303).header('location', url).send();
}

/** A refusal is an answer here; everything else is masked and logged where it belongs. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/** Whether the answer carries the state of this login, once. */
function isStateOf(query: string, { state }: LoginFlow): boolean {
  const [given = '', ...more] = new URLSearchParams(query).getAll('state');
  const [one, other] = [Buffer.from(given), Buffer.from(state)];
  return more.length === 0 && one.length === other.length && timingSafeEqual(one, other);
}
