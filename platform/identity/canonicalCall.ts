import { hash } from 'node:crypto';
import { type TokenScope, tokenScopes, type Viewer } from './viewer.ts';

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
  agent: 'taskgraph-agent',
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
  agent: string;
  nonce: string;
};

/** The value of the viewer header: user id, session id, and the scope if there is one. */
export function writeViewer(viewer: Viewer | null): string {
  if (!viewer) return '';
  const { userId, sessionId, scope } = viewer;
  return [userId, sessionId, ...(scope ? [scope] : [])].join(' ');
}

/** The viewer of a header; undefined when it is malformed. */
export function readViewer(text: string): Viewer | null | undefined {
  if (text === '') return null;
  const [userId, sessionId, scope, ...rest] = text.split(' ');
  if (!userId || !sessionId || rest.length > 0) return undefined;
  if (scope === undefined) return { userId, sessionId };
  return isScope(scope) ? { userId, sessionId, scope } : undefined;
}

const isScope = (text: string): text is TokenScope => (tokenScopes as readonly string[]).includes(text);

/** What a client calls itself, as a header can carry it: the first 300 characters, those that are not printable ASCII replaced. */
export function writeAgent(userAgent: string | null | undefined): string {
  return (userAgent ?? '')
    .slice(0, 300)
    .replace(/[^\u0020-\u007e]/g, '?')
    .trim();
}

/** The text that is signed; README.md in this folder gives the format. */
export function canonicalCall(fields: SignedFields, body: string | Buffer): string {
  const bodyHash = hash('sha256', body, 'hex');
  const { caller, callee, path, time, viewer, address, agent, nonce } = fields;
  return `taskgraph-call-3\n${caller}\n${callee}\n${path}\n${time}\n${viewer}\n${address}\n${agent}\n${nonce}\n${bodyHash}`;
}
