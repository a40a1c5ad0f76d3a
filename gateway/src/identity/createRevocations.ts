import type { Logger } from 'pino';
import { rest } from '#platform/consumer/rest.ts';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { connectNats } from '#platform/nats/connectNats.ts';
import type { Scope } from '#platform/service/scope.ts';
import { askRevocations } from './askRevocations.ts';
import { followRevocations } from './followRevocations.ts';
import type { Revocations } from './revocations.ts';

const ASK_EACH_MS = 1_000;
/** Asked for again each time: an end may be dated a little before its commit, and clocks of replicas differ. */
const OVERLAP_SECONDS = 30;

/**
 * Knows which sessions were ended, from the first second on: it asks the service that ends them each second, and that alone
 * holds the two seconds in which an ended session may go on. The stream of events, where there is one, makes it a matter of
 * milliseconds. Nothing is kept anywhere but in memory, for as long as tokens live (docs/adr/0006-revocations.md).
 */
export function createRevocations(options: {
  /** Whom to ask: the service by the name that calls are signed for, and its route. */
  service: string;
  url: string;
  /** The events of ended sessions, where they can be followed. */
  events: { natsUrl: string; subject: string } | undefined;
  keys: CallKeys;
  /** The longest that a token is good. */
  lifetimeSeconds: number;
  /** How long a token waits for the first answer before it is told that nothing is known, in milliseconds. */
  patienceMs?: number;
  log: Logger;
  scope: Scope;
}): Revocations {
  const { service, url, events, keys, lifetimeSeconds, patienceMs = 2_000, log, scope } = options;
  const lifetimeMs = lifetimeSeconds * 1_000;
  const ended = new Map<string, number>();
  const onRevoked = (sessionId: string, at: number) =>
    void ended.set(sessionId, Math.max(at, ended.get(sessionId) ?? 0));

  if (events) {
    const nats = connectNats({ url: events.natsUrl, service: 'gateway', log, scope });
    followRevocations({ nats, subject: events.subject, lifetimeMs, onRevoked, log, scope });
  }

  const ask = askRevocations({ service, url, keys, scope });
  const stopping = new AbortController();
  /** When the last question was asked that was answered. */
  let answeredAt: number | undefined;
  let tellFirst = () => {};
  const first = new Promise<void>((resolve) => {
    tellFirst = resolve;
  });

  const asking = (async () => {
    let failing = false;
    while (!stopping.signal.aborted) {
      const at = performance.now();
      // All that counts at first; then what has happened since, and some of before.
      const missed = answeredAt === undefined ? lifetimeSeconds : Math.min(lifetimeSeconds, (at - answeredAt) / 1_000);
      try {
        for (const session of await ask(Math.ceil(missed) + OVERLAP_SECONDS)) onRevoked(session.id, session.at);
        answeredAt = at;
        tellFirst();
        if (failing) log.info({ service }, 'Ended sessions are known again');
        failing = false;
      } catch (error) {
        if (!failing && !stopping.signal.aborted)
          log.warn({ err: error, service }, 'Nobody says which sessions were ended; asking again each second');
        failing = true;
      }
      await rest(ASK_EACH_MS - (performance.now() - at), stopping.signal);
    }
  })();

  // One token lifetime after its end, all tokens of a session have expired.
  const forgetting = setInterval(() => {
    const before = Date.now() - lifetimeMs - OVERLAP_SECONDS * 1_000;
    for (const [id, at] of ended) if (at < before) ended.delete(id);
  }, 60_000);

  scope.defer('revocations', async () => {
    clearInterval(forgetting);
    stopping.abort();
    await asking;
  });

  return {
    isRevoked: ({ sessionId }) => ended.has(sessionId),
    async known() {
      if (answeredAt !== undefined) return true;
      const late = new AbortController();
      await Promise.race([first, rest(patienceMs, late.signal)]);
      late.abort();
      return answeredAt !== undefined;
    },
  };
}
