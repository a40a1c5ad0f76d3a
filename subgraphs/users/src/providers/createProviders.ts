import type { Logger } from '#platform/logger.ts';
import { githubProvider } from './githubProvider.ts';
import { oidcProvider } from './oidcProvider.ts';
import type { Provider } from './provider.ts';
import type { ProviderConfig } from './providersSchema.ts';

/** Whom people can sign in with. */
export type Providers = {
  /** In the order of the configuration. */
  all: readonly Provider[];
  find(name: string): Provider | undefined;
  /** Whether people can sign in with identities of this issuer at present. */
  knows(issuer: string): boolean;
};

/** @param appUrl the application; its origin is also where browsers find /auth */
export function createProviders(
  configs: readonly ProviderConfig[],
  { appUrl, log }: { appUrl: string; log: Logger },
): Providers {
  const all = configs.map((config) => {
    const redirectUri = new URL(`/auth/callback/${config.name}`, appUrl).href;
    return config.type === 'github'
      ? githubProvider(config, { redirectUri, log })
      : oidcProvider(config, { redirectUri, log });
  });
  return {
    all,
    find: (name) => all.find((provider) => provider.name === name),
    knows: (issuer) => all.some((provider) => provider.issuer === issuer),
  };
}
