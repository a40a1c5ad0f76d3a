/** What one code means, to whoever gets it. */
export type ErrorCodeEntry = {
  /** The HTTP status when the code answers a whole request rather than one field. */
  status: number;
  /** When a client gets it. */
  description: string;
  /** What a client does about it. */
  client: string;
  /** Fields of `extensions` next to `code`. */
  fields?: Record<string, string>;
};

/**
 * Every code that an error's `extensions.code` can have: the one list. docs/errors.md is rendered from it.
 * Codes of GraphQL and Apollo Server themselves (GRAPHQL_…, PERSISTED_QUERY_…) keep the names that clients know.
 */
export const errorCodes = {
  UNAUTHENTICATED: {
    status: 401,
    description: 'The operation needs a signed-in person, and the request has no valid access token.',
    client: 'Refresh the session or ask for a login, then send the operation again.',
  },
  FORBIDDEN: {
    status: 403,
    description: 'The person may see the thing but not do this to it.',
    client: 'Hide the action; the viewerCan… fields say beforehand whether it is allowed.',
  },
  NOT_FOUND: {
    status: 404,
    description: 'There is no such thing, or the person may not know that there is.',
    client: 'Treat the thing as gone.',
  },
  BAD_USER_INPUT: {
    status: 400,
    description:
      'An argument is missing, malformed, out of range, unknown or contradicts another. Nothing was written.',
    client: 'Show each message next to its field; do not send the same input again.',
    fields: {
      fields: 'list of { path: [String], message: String }: every argument that is wrong, from the root argument on',
    },
  },
  EMAIL_TAKEN: {
    status: 409,
    description:
      'An account with this e-mail address exists already. At a login with a provider: and nobody has verified the address there.',
    client:
      'Offer the login instead. After a login with a provider, offer a password reset: it shows whose the address is, and the same login goes through then.',
  },
  INVALID_CREDENTIALS: {
    status: 401,
    description: 'The e-mail address or the password is wrong; which of them is not said.',
    client: 'Ask again.',
  },
  LOGIN_TOO_OLD: {
    status: 403,
    description: 'The account has no password to confirm this with, and this session did not begin a short while ago.',
    client: 'Have the person sign in again with their provider, then send the operation again.',
  },
  LOGIN_EXPIRED: {
    status: 410,
    description:
      'A login with a provider came back that was not begun in this browser, took more than ten minutes, or came back before.',
    client: 'Offer to begin it again.',
  },
  LOGIN_DENIED: {
    status: 403,
    description: 'The person has declined at the provider.',
    client: 'Offer the ways to sign in.',
  },
  LOGIN_FAILED: {
    status: 502,
    description:
      'What came back from the provider does not hold: it is for another login, from somebody else, or not to be understood.',
    client: 'Offer to begin it again. Operators: users has logged why.',
  },
  EMAIL_UNVERIFIED: {
    status: 403,
    description:
      'Somebody who has never signed in with this provider account has no address there that the provider has verified; or an identity was to be linked to an account whose own address is not verified.',
    client:
      'Say so: the address has to be verified, at the provider or by the e-mail that requestEmailVerification sends.',
  },
  IDENTITY_TAKEN: {
    status: 409,
    description: 'The identity at the provider is linked to another account.',
    client: 'Say so; whoever has that account can unlink it there.',
  },
  LAST_WAY_IN: {
    status: 409,
    description: 'Without this identity nothing would be left to sign in with.',
    client: 'Offer to set a password (requestPasswordReset) or to link another identity first.',
  },
  SUSPENDED: {
    status: 403,
    description: 'Whoever it is has shown so, and the account is suspended.',
    client: 'Say so; only whoever runs the service can restore it.',
  },
  LINK_INVALID: {
    status: 410,
    description: 'The link of an e-mail was used before, has expired, or was not made here.',
    client: 'Offer to have another one sent.',
  },
  ID_TAKEN: {
    status: 409,
    description: 'The id that the client chose belongs to something else, or to the same thing made with other input.',
    client: 'Make a new UUIDv7 and send the mutation again.',
  },
  KEY_TAKEN: {
    status: 409,
    description: 'Another project of the workspace has this key.',
    client: 'Ask for another key.',
  },
  ALREADY_MEMBER: {
    status: 409,
    description: 'The person is a member of the workspace already, with another role.',
    client: 'Show the membership; changing a role is an operation of its own.',
  },
  ALREADY_INVITED: {
    status: 409,
    description: 'The e-mail address has an open invitation to the workspace already, with another role.',
    client: 'Show the invitation; revoke it to invite with another role.',
  },
  INVITATION_REVOKED: {
    status: 410,
    description: 'The invitation was taken back, or was sent again and this is an earlier e-mail.',
    client: 'Say so; a later e-mail may hold.',
  },
  INVITATION_USED: {
    status: 409,
    description: 'The invitation was accepted or declined before, or the link was used as often as it may be.',
    client: 'Say so; whoever accepted it is a member.',
  },
  INVITATION_EXPIRED: {
    status: 410,
    description: 'The invitation is older than it may be.',
    client: 'Say so: owners and admins of the workspace can send it again.',
  },
  INVITATION_FOR_ANOTHER: {
    status: 403,
    description: 'The invitation is for another e-mail address than that of the account.',
    client: 'Offer to sign in with the address that it was sent to.',
  },
  LAST_OWNER: {
    status: 409,
    description: 'The person is the only owner of the workspace, and a workspace always has one.',
    client: 'Offer to make somebody else an owner first.',
    fields: { workspaces: 'of deleteAccount: list of { id, name }, the workspaces that are meant' },
  },
  WORKSPACE_ARCHIVED: {
    status: 409,
    description: 'The workspace is archived: this can only be done in one that is in use.',
    client: 'Show the workspace as archived; its owners can restore it.',
  },
  TOO_BUSY: {
    status: 429,
    description: 'Too many requests of this kind, or the service is at its limit. Nothing was done.',
    client: 'Wait for retryAfter, then send the same request again.',
    fields: { retryAfter: 'seconds to wait' },
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    description: 'A service or a store that is needed for this field cannot be reached at the moment.',
    client: 'Show what did arrive and try again shortly. A create mutation with the same id is safe to repeat.',
  },
  SUBSCRIPTION_UNSUPPORTED: {
    status: 400,
    description: 'A subscription came as a plain HTTP request.',
    client: 'Subscribe over WebSocket (graphql-transport-ws), or accept text/event-stream.',
  },
  CURSOR_EXPIRED: {
    status: 410,
    description: 'What came after this cursor is no longer kept.',
    client: 'Load the current state with a query, then subscribe without a cursor.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    description: 'The body of the request is larger than the server accepts.',
    client: 'Send less in one request.',
  },
  BAD_REQUEST: {
    status: 400,
    description:
      'The request is not a GraphQL request: the body is not JSON, has no query, or has an unknown media type.',
    client: 'Fix the client; the same request fails again.',
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    description: 'The GraphQL document has a syntax error.',
    client: 'Fix the document; `locations` says where.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    description:
      'The GraphQL document does not fit the schema: an unknown field, argument or enum value, a wrong type.',
    client: 'Fix the document, or update the client to the current schema.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    description: 'The document holds several operations and operationName names none of them.',
    client: 'Send the operationName.',
  },
  OPERATION_TOO_LARGE: {
    status: 400,
    description: 'The operation selects more fields and fragments than it may. Nothing was asked.',
    client: 'Ask for less at once; the same operation fails again.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    description: 'The server does not know the hash of this persisted query.',
    client: 'Send the hash again together with the document.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    description: 'This server takes no persisted queries.',
    client: 'Send the document itself.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    description: 'Something unexpected happened. The details are in the log of the service, under the incident id.',
    client: 'Show the incident id and offer to try again.',
    fields: { incident: 'the id to quote to whoever runs the service' },
  },
  CALL_REFUSED: {
    status: 401,
    description:
      'A service refused a call from inside the system: its signature is missing or does not hold, or its caller may not call there.',
    client: 'Never reaches a client of the gateway. Operators: compare CALL_KEYS and the clocks of both services.',
    fields: { reason: 'UNSIGNED, WRONG_CALLEE, STALE, BAD_SIGNATURE, CALLER_NOT_ALLOWED, NONCE_MISSING or REPLAYED' },
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** A documented error code. */
export type ErrorCode = keyof typeof errorCodes;

/** Whether a value is one of the documented codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
