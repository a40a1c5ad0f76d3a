import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { refuse } from '#platform/errors.ts';
import { readExamples } from './readExamples.ts';
import { readLocalFile } from './readLocalFile.ts';
import { sandboxPage, sandboxPolicy } from './sandboxPage.ts';

export type ExplorerOptions = {
  app: FastifyInstance;
  /** Path of GraphQL. */
  endpoint: string;
  /** A .graphql file with example operations. */
  examples: string | undefined;
};

/** Where the explorer of local files lives; vite.config.ts has it as its base. */
const LOCAL = '/explorer';

/** A string of this name in a response is sent as the bearer token from then on. */
const TOKEN_FIELD = 'accessToken';

/** Monaco sets styles at run time and draws its icons from data URLs; everything else is our own files. */
const LOCAL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the explorer: Apollo Sandbox at `/`, which goes to GraphiQL from local files at `/explorer` where Apollo's CDN
 * can't be reached.
 */
export async function serveExplorer({ app, endpoint, examples }: ExplorerOptions): Promise<void> {
  const operations = () => readExamples(examples);
  // What is wrong with the file should be said at the start. It is read again each time: the local start fills in ids later.
  operations();

  app.get('/', async (_request, reply) => {
    const nonce = randomBytes(16).toString('base64url');
    secure(reply, sandboxPolicy(nonce)).header('cache-control', 'no-store').type('text/html; charset=utf-8');
    return sandboxPage({
      endpoint,
      document: operations().join('\n\n'),
      fallback: LOCAL,
      tokenField: TOKEN_FIELD,
      nonce,
    });
  });

  app.get(`${LOCAL}/config.json`, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { endpoint, examples: operations(), tokenField: TOKEN_FIELD };
  });

  for (const path of [LOCAL, `${LOCAL}/*`]) {
    app.get<{ Params: { '*'?: string } }>(path, async ({ params }, reply) => {
      const name = params['*'] || 'index.html';
      const file = await readLocalFile(name);
      if (!file && name === 'index.html') {
        refuse('SERVICE_UNAVAILABLE', 'The explorer is not built. Run `npm run build:explorer`.');
      }
      if (!file) refuse('NOT_FOUND', 'The explorer has no such file.');
      // Names under assets/ carry a hash of what is in them.
      const kept = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      secure(reply, LOCAL_POLICY).header('cache-control', kept).type(file.type);
      return file.content;
    });
  }
}

function secure(reply: FastifyReply, policy: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer');
}
