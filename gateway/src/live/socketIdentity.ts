import type { Identity, Verify } from '../identity/createVerifier.ts';

/** The value of `authorization` in connection_init's payload, whatever its case is. */
export function authorizationOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const [name, value] of Object.entries(connectionParams ?? {})) {
    // Something that isn't a string is no token: it is refused as a malformed one, not taken for an anonymous caller.
    if (name.toLowerCase() === 'authorization' && value != null) return typeof value === 'string' ? value : '?';
  }
  return undefined;
}

/** The identity of a socket; `verify` is undefined while identity is off. */
export async function socketIdentity(
  verify: Verify | undefined,
  connectionParams: Readonly<Record<string, unknown>> | undefined,
): Promise<Identity | null> {
  return verify ? verify(authorizationOf(connectionParams)) : null;
}
