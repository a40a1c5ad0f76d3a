import type { Call, Viewer } from '#platform/identity/viewer.ts';
import type { Deps } from './deps.ts';
import type { Client } from './domain/session.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What every resolver and command of one call gets. */
export type Context = {
  deps: Deps;
  /** Who is signed in; null when nobody is. */
  viewer: Viewer | null;
  /** The program that asks, as far as it is known. */
  client: Client;
  /** When the call came in: what is listed is listed as of then. */
  now: Date;
  loaders: Loaders;
};

/** The context of one call. */
export function createContext(deps: Deps, call: Pick<Call, 'viewer' | 'clientAddress' | 'userAgent'>): Context {
  const { viewer, clientAddress, userAgent = null } = call;
  const client = { address: clientAddress, userAgent };
  return { deps, viewer, client, now: deps.now(), loaders: createLoaders(deps, viewer) };
}

/**
 * Goes on as the person who has just signed in, so that `login { user { email } }` shows people their own address.
 * Root fields of a mutation run one after the other, each with all of its selection: what came before is not affected.
 */
export function signIn(context: Context, viewer: Viewer): void {
  Object.assign(context, { viewer, loaders: createLoaders(context.deps, viewer) });
}
