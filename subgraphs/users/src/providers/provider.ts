import type { ProvedPerson } from '../domain/identity.ts';
import type { LoginFlow } from '../domain/loginFlow.ts';

/** What a login has to bring back; kept with the browser that began it. */
export type Checks = Pick<LoginFlow, 'state' | 'nonce' | 'verifier'>;

/** Somebody whom people sign in with, whatever it speaks. */
export type Provider = {
  name: string;
  label: string;
  /** What its identities are kept under. */
  issuer: string;
  /** Where a browser is sent to sign in. Refusals: SERVICE_UNAVAILABLE. */
  begin(checks: Checks): Promise<URL>;
  /**
   * Who has signed in, out of the query that the browser came back with.
   * Refusals: LOGIN_DENIED, LOGIN_FAILED, SERVICE_UNAVAILABLE. None of them says anything of the provider's answers.
   */
  finish(query: string, checks: Checks): Promise<ProvedPerson>;
};
