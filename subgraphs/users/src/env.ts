import { z } from 'zod';
import {
  databaseEnv,
  natsEnv,
  neededInProduction,
  redisEnv,
  secret,
  secretInProduction,
  serviceEnv,
} from '#platform/env.ts';
import { readSigningKey } from './keys/signingKeyPair.ts';
import { providersSchema } from './providers/providersSchema.ts';

/** `tasks=http://127.0.0.1:4002,…`, by name. */
const urlsByName = z.string().transform((text, context) => {
  const found: Record<string, string> = {};
  for (const entry of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name, url] = /^\s*([a-z]+)=(https?:\/\/\S+)\s*$/.exec(entry) ?? [];
    if (name && url && URL.canParse(url)) found[name] = url;
    else context.addIssue('Must be a list of name=URL');
  }
  return found;
});

/** Everything that this subgraph can be told. */
export const usersEnvSchema = z.object({
  ...serviceEnv(4001),
  ...databaseEnv,
  ...natsEnv,
  ...redisEnv,
  ACCESS_TOKEN_KEY: secretInProduction(
    z
      .string()
      .transform((text, context) => {
        try {
          return readSigningKey(text);
        } catch {
          context.addIssue('Must be a P-256 private key: PKCS8 PEM, or the base64 of that');
          return z.NEVER;
        }
      })
      .optional()
      .describe(
        'The first key that signs access tokens, and the one that the others are sealed with: P-256, PKCS8 PEM or the base64 of that',
      ),
  ),
  ACCESS_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(600)
    .describe("How long an access token is good, in seconds; at most the gateway's TOKEN_SECONDS"),
  KEY_ROTATION_DAYS: z.coerce
    .number()
    .positive()
    .max(3650)
    .default(30)
    .describe('After how many days another key signs access tokens'),
  LOGINS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .positive()
    .default(1000)
    .describe('How many wrong logins one client address may try in 15 minutes; an account takes 10'),
  LOGIN_PROVIDERS: secret(
    providersSchema
      .optional()
      .describe('Whom people can sign in with: a JSON list (docs/social-login.md); unset: with a password only'),
  ),
  APP_URL: neededInProduction(
    z
      .url({ protocol: /^https?$/, error: 'Must be a URL that starts with http:// or https://' })
      .default('http://localhost:4000/')
      .describe('The application: where links in e-mails lead, and whoever has signed in with a provider'),
  ),
  DOWNLOAD_URLS: neededInProduction(
    urlsByName
      .default({})
      .describe(
        'Who is asked for what they have of a member who downloads their data: name=url,… of the other subgraphs',
      ),
  ),
  ISSUER: z.string().min(1).default('taskgraph').describe("The `iss` of access tokens; the gateway's TOKEN_ISSUER"),
  AUDIENCE: z.string().min(1).default('taskgraph').describe("The `aud` of access tokens; the gateway's TOKEN_AUDIENCE"),
});

/** What readEnv returns for this subgraph. */
export type UsersEnv = z.output<typeof usersEnvSchema>;
