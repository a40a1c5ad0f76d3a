import type { Viewer } from '#platform/identity/viewer.ts';

/** Which sessions were ended before the access tokens that were given out for them expire. */
export type Revocations = {
  /** Whether the viewer's session was ended. Answers at once, out of memory: it is asked for every request and event. */
  isRevoked(viewer: Viewer): boolean;
  /**
   * Whether it is known at all which sessions were ended. Waits for that for two seconds, right after the start; never again
   * once it was.
   */
  known(): Promise<boolean>;
};

/** For a gateway without identity, or whose publisher of tokens ends no sessions: nobody's session ever was. */
export function createNoRevocations(): Revocations {
  return { isRevoked: () => false, known: async () => true };
}
