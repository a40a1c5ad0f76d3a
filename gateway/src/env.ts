import { isIP } from 'node:net';
import { z } from 'zod';
import { processEnv, secret } from '#platform/env.ts';
import { readRoute, readService } from './proxy/readRoute.ts';

const url = z.url({ protocol: /^https?$/ });

/** `name=url,name=url`. */
const urls = z.string().superRefine((text, context) => {
  for (const entry of readList(text)) {
    const [[name, value] = []] = readPairs(entry);
    if (!name || !url.safeParse(value).success) context.addIssue(`"${entry}" is not name=url`);
  }
});

/** `/path=url,POST /path=service@url,PAGE /path=service@url`. */
const routes = z.string().superRefine((text, context) => {
  for (const entry of readList(text)) {
    if (!readRoute(entry)) context.addIssue(`"${entry}" is neither /path=url nor POST or PAGE /path=service@url`);
  }
});

/** `10.0.0.0/8,::1`. */
const addresses = z.string().superRefine((text, context) => {
  for (const entry of readList(text)) {
    if (!isRange(entry)) context.addIssue(`"${entry}" is neither an address nor a range`);
  }
});

/** Everything that the gateway can be told. It knows no subgraph by name: the supergraph and these variables say it all. */
const variables = z.object({
  ...processEnv(4000),
  SUPERGRAPH: z
    .string()
    .default('schema/supergraph.graphql')
    .describe('The composed supergraph to run: a path, relative to the working directory'),
  SUBGRAPH_URLS: urls.optional().describe('Subgraph URLs instead of those in the supergraph: name=url,name=url'),
  SUBGRAPH_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(5000)
    .describe('How long a subgraph may take to answer, in milliseconds'),
  REQUEST_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe('How long all calls to subgraphs of one request may take together, in milliseconds'),
  UNREAD_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(15_000)
    .describe(
      'How long a client may take nothing of an answer that is being sent to it before its connection is closed, in milliseconds',
    ),
  MAX_SELECTIONS: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(2000)
    .describe(
      'The most fields and fragments that an operation may select, each fragment wherever it is spread; 0: no limit',
    ),
  SIGNED_CALLS: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off: calls to subgraphs are not signed, for subgraphs that look at no signature'),
  LIVE: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off: queries and mutations over HTTP alone; no WebSocket and no event stream is opened'),
  SHARED_SUBSCRIPTIONS: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off: each subscription has an upstream of its own, also where one viewer has the same one open twice'),
  JWKS_URL: url
    .optional()
    .describe('Where the keys of access tokens are published; production needs it, or IDENTITY=off in its place'),
  IDENTITY: z
    .enum(['on', 'off'])
    .optional()
    .describe('off: no token is looked at, every caller is anonymous; unset: on with JWKS_URL, off without'),
  TOKEN_ISSUER: z.string().default('taskgraph').describe('The issuer (iss) that an access token must name'),
  TOKEN_AUDIENCE: z
    .string()
    .min(1)
    .default('taskgraph')
    .describe('The audience (aud) that an access token must name, or be among those that it names'),
  TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .positive()
    .max(86_400)
    .default(600)
    .describe(
      'The longest that an access token may be good, in seconds: for so long ended sessions are remembered, with REVOCATIONS_URL',
    ),
  REVOCATIONS_URL: z
    .string()
    .refine((text) => readService(text) !== undefined, 'Must be service@url')
    .optional()
    .describe(
      'Who says which sessions were ended, asked each second in signed calls: service@url; unset: a token is good until it expires',
    ),
  PERSONAL_TOKENS_URL: z
    .string()
    .refine((text) => readService(text) !== undefined, 'Must be service@url')
    .optional()
    .describe('Who exchanges personal access tokens for an identity, in signed calls: service@url; unset: nobody'),
  PERSONAL_TOKEN_PREFIX: z.string().min(1).default('tgp_').describe('How a personal access token begins'),
  REVOCATIONS_NATS_URL: secret(
    z
      .url({ protocol: /^(nats|tls|wss?)$/ })
      .optional()
      .describe('The NATS server whose stream tells of ended sessions at once; unset: REVOCATIONS_URL alone does'),
  ),
  REVOCATIONS_SUBJECT: z
    .string()
    .default('users.session.*.revoked')
    .describe('The subject of these events, CloudEvents whose subject is the session'),
  PROXY_ROUTES: routes
    .optional()
    .describe(
      'Plain routes that are passed on: /path=url for a public GET; POST /path=service@url for one with a JSON body and cookies, in calls signed for that service; PAGE /path=service@url for a GET that links and redirects lead to, with its query; :name in path and url is one segment',
    ),
  PROXY_BODY_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(16_384)
    .describe('The most bytes of a body that such a route takes'),
  TRUSTED_PROXIES: addresses
    .optional()
    .describe('Addresses and ranges whose X-Forwarded-For is believed: 10.0.0.0/8,::1'),
  EXPLORER: z.enum(['on', 'off']).optional().describe('The explorer at /; unset: on, but off in production'),
  EXPLORER_EXAMPLES: z.string().optional().describe('A .graphql file whose operations the explorer offers as examples'),
});

/**
 * Somebody who forgets JWKS_URL in production would serve everybody as nobody, and not notice: there, identity is only off
 * where that is said. Checked along with the rest, so that it is among the problems that are told at once.
 */
export const gatewayEnvSchema = variables.refine(
  ({ NODE_ENV, IDENTITY, JWKS_URL }) =>
    JWKS_URL !== undefined || IDENTITY === 'off' || (IDENTITY === undefined && NODE_ENV !== 'production'),
  { path: ['JWKS_URL'], when: () => true },
);

/** What the command `explain` reads of them. */
export const explainEnvSchema = variables.pick({ SUPERGRAPH: true });

/** What readEnv returns for the gateway. */
export type GatewayEnv = z.output<typeof gatewayEnvSchema>;

/** Reads `name=value,name=value`. */
export function readPairs(text: string | undefined): Map<string, string> {
  return new Map(
    readList(text).map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, Math.max(at, 0)), entry.slice(at + 1)];
    }),
  );
}

/** Reads `value,value`. */
export function readList(text = ''): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function isRange(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  if (!family || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
}
