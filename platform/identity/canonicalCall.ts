import { createHash } from 'node:crypto';
import type { Viewer } from './viewer.ts';

/** How far the clocks of caller and callee may be apart, and how old a call may be, in ms. */
export const callWindowMs = 30_000;

/** How long a nonce is remembered: a call may be dated `callWindowMs` ahead and is good for as long after that. */
export const nonceMemoryMs = 2 * callWindowMs;

/** The headers of a signed call. */
export const callHeaders = {
  caller: 'taskgraph-caller',
  callee: 'taskgraph-callee',
  time: 'taskgraph-time',
  viewer: 'taskgraph-viewer',
  address: 'taskgraph-address',
  nonce: 'taskgraph-nonce',
  signature: 'taskgraph-signature',
} as const;

/** What a signature covers next to the body. Absent values are the empty string. */
export type SignedFields = {
  caller: string;
  callee: string;
  /** The target of the HTTP request, as it stands in its first line; of the upgrade, for operations on a socket. */
  path: string;
  time: string;
  viewer: string;
  address: string;
  nonce: string;
};

/** The value of the viewer header: user id and session id. */
export function writeViewer(viewer: Viewer | null): string {
  return viewer ? `${viewer.userId} ${viewer.sessionId}` : '';
}

/** The viewer of a header; undefined when it is malformed. */
export function readViewer(text: string): Viewer | null | undefined {
  if (text === '') return null;
  const [userId, sessionId, ...rest] = text.split(' ');
  return userId && sessionId && rest.length === 0 ? { userId, sessionId } : undefined;
}

/** The text that is signed; README.md in this folder gives the format. */
export function canonicalCall(fields: SignedFields, body: string | Buffer): string {
  const hash = createHash('sha256').update(body).digest('hex');
  const { caller, callee, path, time, viewer, address, nonce } = fields;
  return `taskgraph-call-2\n${caller}\n${callee}\n${path}\n${time}\n${viewer}\n${address}\n${nonce}\n${hash}`;
}
