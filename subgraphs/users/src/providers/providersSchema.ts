import { z } from 'zod';

const secure = 'Must be an https URL, or http on this very machine';
/** HTTPS, but for a server on the loopback interface. */
const serverUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}, secure);

const common = {
  /** In the paths under /auth, and what the API calls it. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'Must be lower-case letters, digits and hyphens, 40 at most'),
  /** What people read on the button. */
  label: z.string().min(1).max(40).optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
};

const oidcSchema = z.strictObject({
  type: z.literal('oidc').default('oidc'),
  ...common,
  /** Its metadata is at /.well-known/openid-configuration below. */
  issuer: serverUrl,
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).default(['openid', 'email', 'profile']),
  clientAuth: z.enum(['client_secret_post', 'client_secret_basic']).default('client_secret_post'),
});

const githubSchema = z.strictObject({
  type: z.literal('github'),
  ...common,
  /** GitHub, or a GitHub Enterprise Server. */
  url: serverUrl.default('https://github.com'),
  apiUrl: serverUrl.default('https://api.github.com'),
  scopes: z.array(z.string().min(1)).default(['read:user', 'user:email']),
});

/** A provider that speaks OpenID Connect. */
export type OidcConfig = z.output<typeof oidcSchema>;
/** GitHub, which speaks OAuth 2.0 only. */
export type GithubConfig = z.output<typeof githubSchema>;
/** A provider that people sign in with. */
export type ProviderConfig = OidcConfig | GithubConfig;

const providerSchema = z
  .unknown()
  .transform((given) =>
    typeof given === 'object' && given !== null && !('type' in given) ? { type: 'oidc', ...given } : given,
  )
  .pipe(z.discriminatedUnion('type', [oidcSchema, githubSchema]));

/** What is wrong between providers is only looked at when each of them is right. */
const listSchema = z.array(providerSchema).pipe(
  z
    .custom<ProviderConfig[]>()
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'Two providers have the same name')
    .refine((all) => new Set(all.map(issuerOf)).size === all.length, 'Two providers have the same issuer')
    .refine(
      (all) => all.every((one) => one.type !== 'oidc' || one.scopes.includes('openid')),
      'scopes must name openid',
    ),
);

/** LOGIN_PROVIDERS: a JSON list. What is wrong is said without any of the values: there are secrets among them. */
export const providersSchema = z.string().transform((text, context): ProviderConfig[] => {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    context.addIssue('Must be a JSON list of providers');
    return z.NEVER;
  }
  const { data, error } = listSchema.safeParse(given);
  for (const { path, message } of error?.issues ?? []) context.addIssue([...path.map(String), message].join(': '));
  return data ?? z.NEVER;
});

/** What a provider's identities are kept under: its issuer as a URL is written. */
export function issuerOf(config: ProviderConfig): string {
  return new URL(config.type === 'github' ? `${config.url.replace(/\/$/, '')}/login/oauth` : config.issuer).href;
}
