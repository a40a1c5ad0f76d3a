import { refuse } from '../errors.ts';

/** The signed-in person on whose behalf a call is made. */
export type Viewer = { userId: string; sessionId: string };

/** A verified call from another service. `clientAddress` is the address of the client at the gateway. */
export type Call = { caller: string; viewer: Viewer | null; clientAddress: string | null };

/** The viewer; UNAUTHENTICATED when nobody is signed in. */
export function requireViewer(viewer: Viewer | null): Viewer {
  return viewer ?? refuse('UNAUTHENTICATED', 'You need to be signed in for this');
}
