import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from '#platform/service/scope.ts';

/** Somebody with a GitHub account. */
export type GithubPerson = {
  id: number;
  login: string;
  name?: string | null;
  avatar_url?: string;
  emails: { email: string; primary: boolean; verified: boolean; visibility?: string | null }[];
};

/** A server that answers as GitHub documents it. */
export type Github = {
  url: string;
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  /** Who sits in front of the browser; null declines. */
  person: GithubPerson | null;
  /** Set: the status of every answer of the API. */
  failing: number | undefined;
  /** What was asked for, but for pages: `POST /login/oauth/access_token`. */
  asked: string[];
};

type Grant = { person: GithubPerson; challenge: string | null; redirectUri: string; scope: string };
const clientId = 'Iv1.0123456789abcdef';
const clientSecret = 'a secret of the client and GitHub';

/**
 * Starts it. The web application flow: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps;
 * errors of it come with the status 200:
 * https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
 */
export async function startGithub(scope: Scope): Promise<Github> {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer('GitHub', () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: Github = {
    ...{ url, apiUrl: `${url}/api/v3`, clientId, clientSecret },
    ...{ person: null, failing: undefined, asked: [] },
  };
  return github;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
    if (pathname === '/login/oauth/authorize') {
      response.writeHead(302, { location: authorize(searchParams) }).end();
      return;
    }
    github.asked.push(`${request.method} ${pathname}`);
    if (github.failing) {
      json(github.failing, { message: 'Server Error' });
    } else if (pathname === '/login/oauth/access_token' && request.method === 'POST') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      // Without asking for JSON, it is a form.
      if (!request.headers.accept?.includes('application/json')) response.writeHead(406).end();
      else json(200, exchange(form));
    } else {
      const grant = tokens.get(request.headers.authorization?.replace(/^(Bearer|token) /i, '') ?? '');
      if (!request.headers['user-agent']) json(403, { message: 'Request forbidden by administrative rules.' });
      else if (!grant) json(401, { message: 'Bad credentials' });
      else if (pathname === '/api/v3/user') {
        const { emails: _, ...user } = grant.person;
        json(200, { ...user, email: null, type: 'User' });
      } else if (pathname === '/api/v3/user/emails' && /\buser(:email)?\b/.test(grant.scope)) {
        json(200, grant.person.emails);
      } else json(404, { message: 'Not Found' });
    }
  }

  function authorize(query: URLSearchParams): string {
    const redirectUri = query.get('redirect_uri') ?? '';
    const target = new URL(redirectUri);
    const { person } = github;
    if (!person) {
      target.searchParams.set('error', 'access_denied');
      target.searchParams.set('error_description', 'The user has denied your application access.');
    } else {
      const code = randomBytes(10).toString('hex');
      const scopes = query.get('scope') ?? '';
      codes.set(code, { person, challenge: query.get('code_challenge'), redirectUri, scope: scopes });
      target.searchParams.set('code', code);
    }
    target.searchParams.set('state', query.get('state') ?? '');
    return target.href;
  }

  function exchange(form: URLSearchParams): object {
    const error = (name: string) => ({
      error: name,
      error_description: 'Of GitHub.',
      error_uri: 'https://docs.github.com/',
    });
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return error('incorrect_client_credentials');
    const code = form.get('code') ?? '';
    const grant = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || (grant.challenge && grant.challenge !== challenge)) return error('bad_verification_code');
    if (form.get('redirect_uri') !== grant.redirectUri) return error('redirect_uri_mismatch');
    const token = `gho_${randomBytes(18).toString('hex')}`;
    tokens.set(token, grant);
    return { access_token: token, token_type: 'bearer', scope: grant.scope.replaceAll(' ', ',') };
  }
}
