import { refuse } from '../errors.ts';

/** What a personal access token may be used for; each includes those before it. */
export const tokenScopes = ['read', 'write', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** The signed-in person on whose behalf a call is made. */
export type Viewer = {
  userId: string;
  sessionId: string;
  /** What the personal access token in use is limited to; absent for whoever signed in: all that the person may do. */
  scope?: TokenScope;
};

/** A verified call from another service. */
export type Call = {
  caller: string;
  viewer: Viewer | null;
  /** The address of the client at the gateway. */
  clientAddress: string | null;
  /** What the client's program calls itself (User-Agent): told, not proven. */
  userAgent?: string | null;
};

/** The viewer; UNAUTHENTICATED when nobody is signed in. */
export function requireViewer(viewer: Viewer | null): Viewer {
  return viewer ?? refuse('UNAUTHENTICATED', 'You need to be signed in for this');
}
