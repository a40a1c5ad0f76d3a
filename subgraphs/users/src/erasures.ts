import type { Pool } from 'pg';
import type { NatsLink } from '#platform/nats/connectNats.ts';
import { replayStream } from '#platform/nats/streams.ts';
import { purgeRedacted } from '#platform/outbox/purgeRedacted.ts';
import type { Deps } from './deps.ts';
import { listUnpurged, markPurged, type Unpurged } from './store/erasure.ts';

/**
 * For so long a process that had an event in its hands when the history was redacted could still publish it: an event is given
 * up a second after it was sent.
 */
const LINGER_MS = 60_000;

/**
 * Takes out of the streams what they have of people who were erased a short while ago, or while NATS was away. What is
 * republished for a projection that is being rebuilt lies in a stream of its own.
 */
export async function purgeErased({
  deps: { prisma, now },
  pool,
  nats,
}: {
  deps: Pick<Deps, 'prisma' | 'now'>;
  pool: Pool;
  nats: Pick<NatsLink, 'connected' | 'manager'>;
}): Promise<void> {
  const people = await listUnpurged(prisma);
  const manager = nats.manager();
  if (people.length === 0 || !manager || !nats.connected()) return;
  const purge = async ({ id, erasedAt, sessions, closed }: Unpurged): Promise<void> => {
    const begun = now();
    const subjects = [
      `users.user.${id}.*`,
      ...sessions.map((session) => `users.session.${session}.*`),
      ...closed.map((workspace) => `users.workspace.${workspace}.*`),
    ];
    await purgeRedacted({ manager, pool, stream: 'users', subjects });
    const replayed = subjects.map((subject) => `${replayStream}.*.${subject}`);
    await purgeRedacted({ manager, pool, stream: replayStream, subjects: replayed });
    if (begun.getTime() - erasedAt.getTime() > LINGER_MS) await markPurged(prisma, id, begun);
  };
  const failures: unknown[] = [];
  // One that fails keeps no other one waiting.
  for (const person of people) await purge(person).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
