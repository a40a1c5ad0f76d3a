import type { Scope } from '#platform/service/scope.ts';
import type { Identity } from '../identity/createVerifier.ts';
import type { Revocations } from '../identity/revocations.ts';

/** Why somebody may not stay. */
export type Expulsion = 'EXPIRED' | 'REVOKED';

/** A client that stays connected: a socket or an event stream. */
export type Connection = {
  /** Null: anonymous, and may stay for ever. */
  readonly identity: Identity | null;
  /** Called each 12 s: shows the client, and what is between, that somebody is there. */
  beat(): void;
  expel(reason: Expulsion): void;
};

/** All connected clients. */
export type Connections = {
  /** Takes care of a connection until what is returned is called. */
  add(connection: Connection): () => void;
  /** Looks at one whose identity has just become known: whether it may stay. */
  check(connection: Connection): boolean;
  /** Whether one is still there and may begin something now, as of this moment, not of the last sweep. Who may not is expelled. */
  mayBegin(connection: Connection): boolean;
};

/** With the second after which the end of a session is asked for, this keeps the two that it may take to be felt (docs/adr/0006). */
const SWEEP_EACH_MS = 500;
/** Within the 15 s after which the strictest of common proxies drop a silent connection. */
const SWEEPS_PER_BEAT = 24;

/** One timer for all of them, whose sweeps look for expired tokens and revoked sessions; one in 24 beats at each. */
export function createConnections({ revocations, scope }: { revocations: Revocations; scope: Scope }): Connections {
  /** With the sweep at which each of them beats. */
  const connections = new Map<Connection, number>();
  let sweeps = 0;
  let added = 0;
  const timer = setInterval(sweep, SWEEP_EACH_MS).unref();
  scope.defer('sweeps of connections', () => clearInterval(timer));

  function sweep(): void {
    sweeps = (sweeps + 1) % SWEEPS_PER_BEAT;
    const now = Date.now();
    for (const [connection, beatsAt] of connections) {
      look(connection, now);
      if (beatsAt === sweeps && connections.has(connection)) connection.beat();
    }
  }

  function look(connection: Connection, now: number): void {
    expelIfDue(connection, now);
    const left = (connection.identity?.expiresAt ?? Number.POSITIVE_INFINITY) - now;
    // To the millisecond; of all the rest no timer is needed.
    if (left > 0 && left <= SWEEP_EACH_MS) setTimeout(expire, left, connection).unref();
  }

  function expelIfDue(connection: Connection, now: number): void {
    const { identity } = connection;
    if (!identity) return;
    if (identity.expiresAt <= now) expel(connection, 'EXPIRED');
    else if (revocations.isRevoked(identity.viewer)) expel(connection, 'REVOKED');
  }

  function expire(connection: Connection): void {
    expel(connection, 'EXPIRED');
  }

  function expel(connection: Connection, reason: Expulsion): void {
    if (connections.delete(connection)) connection.expel(reason);
  }

  return {
    add(connection) {
      added += 1;
      connections.set(connection, added % SWEEPS_PER_BEAT);
      return () => connections.delete(connection);
    },
    check(connection) {
      look(connection, Date.now());
      return connections.has(connection);
    },
    mayBegin(connection) {
      expelIfDue(connection, Date.now());
      return connections.has(connection);
    },
  };
}
