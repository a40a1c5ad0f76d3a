import { expect, it } from '@jest/globals';
import type { GraphQLError } from 'graphql';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import type { Identity } from '../identity/createVerifier.ts';
import type { ClientSocket } from './createClientSocket.ts';
import { createConnections } from './createConnections.ts';
import type { RunningOperation } from './createOperations.ts';
import { type ProtocolDeps, protocolOptions } from './protocolOptions.ts';

const scope = testScope();

/** An acknowledged socket of a session, and what becomes of its operations. */
function setUp({ expiresAt = Date.now() + 60_000, busy = false } = {}) {
  const revoked = new Set<string>();
  const begun: unknown[] = [];
  const expelled: string[] = [];
  const answers: ((running: RunningOperation) => void)[] = [];
  const connections = createConnections({
    revocations: { isRevoked: ({ sessionId }) => revoked.has(sessionId), known: async () => true },
    scope,
  });
  const identity: Identity = { viewer: { userId: 'user', sessionId: 'session', scope: 'write' }, expiresAt };
  const socket = {
    identity,
    closing: false,
    ask: () => !busy,
    settle() {},
    beat() {},
    expel(reason: string) {
      expelled.push(reason);
      socket.closing = true;
    },
  };
  connections.add(socket as unknown as ClientSocket);
  const { onSubscribe, onError } = protocolOptions({
    connections,
    operations(payload: unknown) {
      begun.push(payload);
      return new Promise((resolve) => answers.push(resolve));
    },
    format: ({ message, extensions }: { message: string; extensions: object }) => ({ message, extensions }),
  } as unknown as ProtocolDeps);
  const context = { extra: socket as unknown as ClientSocket, subscriptions: {} } as never;
  const subscribe = (id: string) => onSubscribe(context, id, { query: '{ a }' });
  const answer = async (running: unknown) => (await waitFor(() => answers.shift()))(running as RunningOperation);
  return { revoked, begun, expelled, answer, subscribe, context, onError };
}

it('what a session asks after it was ended is not begun, also between two sweeps', async () => {
  const { revoked, begun, expelled, answer, subscribe } = setUp();
  const first = subscribe('1');
  await answer({ kind: 'answer', text: '{}' });
  expect(await first).toMatchObject({ contextValue: { id: '1' } });
  revoked.add('session');
  expect(await subscribe('2')).toMatchObject([{ message: 'the operation failed' }]);
  expect([begun.length, expelled]).toEqual([1, ['REVOKED']]);
});

it('nor what is asked with a token that has expired', async () => {
  const { begun, expelled, subscribe } = setUp({ expiresAt: Date.now() - 1 });
  expect(await subscribe('1')).toMatchObject([{ message: 'the operation failed' }]);
  expect([begun.length, expelled]).toEqual([0, ['EXPIRED']]);
});

it('a subscription whose socket is closed while it is planned is not opened', async () => {
  const { revoked, begun, expelled, answer, subscribe } = setUp();
  const first = subscribe('1');
  await waitFor(() => begun.length === 1);
  revoked.add('session');
  await subscribe('2');
  await answer({ kind: 'stream', request: {} });
  expect(await first).toMatchObject([{ message: 'the operation failed' }]);
  expect(expelled).toEqual(['REVOKED']);
});

it('what is asked while too many operations of the socket are not answered is refused with TOO_BUSY', async () => {
  const { begun, subscribe, context, onError } = setUp({ busy: true });
  const refused = (await subscribe('1')) as GraphQLError[];
  expect(await onError(context, '1', { query: '{ a }' }, refused)).toMatchObject([
    { extensions: { code: 'TOO_BUSY' } },
  ]);
  expect(begun).toEqual([]);
});
