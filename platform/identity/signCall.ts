import { createHmac, randomUUID } from 'node:crypto';
import type { CallKeys } from './callKeys.ts';
import { callHeaders, canonicalCall, writeAgent, writeViewer } from './canonicalCall.ts';
import type { Viewer } from './viewer.ts';

/** What is signed: who calls whom and where, for whom, with which bytes. */
export type CallToSign = {
  keys: CallKeys;
  caller: string;
  callee: string;
  /** The path that is called, with its query string if there is one: `/graphql`. */
  path: string;
  viewer: Viewer | null;
  clientAddress: string | null;
  /** What the client's program calls itself (User-Agent), where that is known. */
  userAgent?: string | null | undefined;
  /** Exactly the bytes that are sent. */
  body: string | Buffer;
  /** A mutation gets a nonce, so that it is taken once. */
  mutation: boolean;
  /** Milliseconds since 1970. */
  now?: number;
};

/** The headers that make a call to another service acceptable; the format is in README.md in this folder. */
export function signCall(call: CallToSign): Record<string, string> {
  const { caller, callee, path } = call;
  const fields = {
    caller,
    callee,
    path,
    time: String(call.now ?? Date.now()),
    viewer: writeViewer(call.viewer),
    address: call.clientAddress ?? '',
    agent: writeAgent(call.userAgent),
    nonce: call.mutation ? randomUUID() : '',
  };
  const signature = createHmac('sha256', call.keys.get(caller, callee))
    .update(canonicalCall(fields, call.body))
    .digest('base64url');
  const headers: Record<string, string> = {
    [callHeaders.caller]: caller,
    [callHeaders.callee]: callee,
    [callHeaders.time]: fields.time,
    [callHeaders.signature]: signature,
  };
  if (fields.viewer) headers[callHeaders.viewer] = fields.viewer;
  if (fields.address) headers[callHeaders.address] = fields.address;
  if (fields.agent) headers[callHeaders.agent] = fields.agent;
  if (fields.nonce) headers[callHeaders.nonce] = fields.nonce;
  return headers;
}
