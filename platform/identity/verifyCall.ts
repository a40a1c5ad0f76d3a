import { createHmac, timingSafeEqual } from 'node:crypto';
import { getOperationAST, parse } from 'graphql';
import { Refusal } from '../errors.ts';
import type { CallKeys } from './callKeys.ts';
import { callHeaders, callWindowMs, canonicalCall, readViewer } from './canonicalCall.ts';
import type { Nonces } from './nonces.ts';
import type { Call } from './viewer.ts';

/** Why a call was refused. */
export type CallRefusedReason =
  | 'UNSIGNED'
  | 'WRONG_CALLEE'
  | 'STALE'
  | 'BAD_SIGNATURE'
  | 'CALLER_NOT_ALLOWED'
  | 'NONCE_MISSING'
  | 'REPLAYED';

/** A call that is not to be trusted: code CALL_REFUSED, the reason in the extensions. */
export class CallRefused extends Refusal {
  readonly reason: CallRefusedReason;

  constructor(reason: CallRefusedReason) {
    super('CALL_REFUSED', `The call was refused: ${reason}`, { reason });
    this.name = 'CallRefused';
    this.reason = reason;
  }
}

/**
 * The services that may call. A key proves who speaks, not what they may say: the gateway alone vouches for viewers.
 * `siblings`: whoever has a key for this callee, save the gateway. Keys are handed out for the pairs of services that are
 * declared to talk to each other, so that list is the only one.
 */
export type Callers = readonly string[] | 'siblings';

/** A call as it arrived. `headers` may also be the `extensions.call` of a graphql-ws operation. */
export type CallToVerify = {
  keys: CallKeys;
  callee: string;
  allow: Callers;
  /** The target of the request, as it arrived. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Exactly the bytes that arrived. */
  body: string | Buffer;
  nonces: Nonces;
  /** Milliseconds since 1970. */
  now?: number;
};

/**
 * Who calls, and for whom.
 * @throws CallRefused unless the call is for this service and this path, 30 s old at most, signed with the key of the pair
 * by a caller that may call here; and, for a mutation or any call with a nonce, not seen before.
 */
export async function verifyCall(call: CallToVerify): Promise<Call> {
  const fields = {
    caller: header(call, callHeaders.caller),
    callee: header(call, callHeaders.callee),
    path: call.path,
    time: header(call, callHeaders.time),
    viewer: header(call, callHeaders.viewer),
    address: header(call, callHeaders.address),
    agent: header(call, callHeaders.agent),
    nonce: header(call, callHeaders.nonce),
  };
  const signature = header(call, callHeaders.signature);
  if (!fields.caller || !fields.callee || !fields.time || !signature) throw new CallRefused('UNSIGNED');
  if (fields.callee !== call.callee) throw new CallRefused('WRONG_CALLEE');
  const age = (call.now ?? Date.now()) - Number(fields.time);
  if (!/^\d{1,16}$/.test(fields.time) || Math.abs(age) > callWindowMs) throw new CallRefused('STALE');
  if (!call.keys.has(fields.caller, call.callee)) throw new CallRefused('BAD_SIGNATURE');
  const expected = createHmac('sha256', call.keys.get(fields.caller, call.callee))
    .update(canonicalCall(fields, call.body))
    .digest();
  const actual = Buffer.from(signature, 'base64url');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) throw new CallRefused('BAD_SIGNATURE');
  const viewer = readViewer(fields.viewer);
  if (viewer === undefined) throw new CallRefused('BAD_SIGNATURE');
  // That the caller has a key was seen above.
  const allowed = call.allow === 'siblings' ? fields.caller !== 'gateway' : call.allow.includes(fields.caller);
  if (!allowed) throw new CallRefused('CALLER_NOT_ALLOWED');
  // Only after the signature: a stranger must not be able to use up nonces or memory.
  if (fields.nonce) {
    if (!(await call.nonces.claim(fields.nonce))) throw new CallRefused('REPLAYED');
  } else if (isMutation(call.body)) {
    throw new CallRefused('NONCE_MISSING');
  }
  const { caller, address, agent } = fields;
  return { caller, viewer, clientAddress: address || null, ...(agent && { userAgent: agent }) };
}

/** One value without control characters, or the empty string: a newline in it could shift the fields of the signed text. */
function header(call: CallToVerify, name: string): string {
  const value = call.headers[name];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return typeof value === 'string' && !/[\u0000-\u001f]/.test(value) ? value : '';
}

/** Whether a GraphQL request runs a mutation. Parses only when the word (or an escape that could spell it) is in the bytes. */
function isMutation(body: string | Buffer): boolean {
  if (!body.includes('mutation') && !body.includes('\\u')) return false;
  try {
    const { query, operationName } = JSON.parse(String(body)) as { query?: unknown; operationName?: unknown };
    if (typeof query !== 'string') return false;
    const name = typeof operationName === 'string' ? operationName : undefined;
    return getOperationAST(parse(query, { noLocation: true }), name)?.operation === 'mutation';
  } catch {
    return false;
  }
}
