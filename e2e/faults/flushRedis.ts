import { Redis } from 'ioredis';
import { waitFor } from '#platform/testing/waitFor.ts';
import { type Person, register, startTeam } from '../person.ts';
import { countEverywhere, countNotified, countTasks, feedIsGapless } from './stage/counts.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { startLoad } from './stage/startLoad.ts';
import type { Stage } from './stage/startStage.ts';
import { surplus } from './stage/streamTools.ts';
import { untilAll } from './stage/untilAll.ts';

/** Redis holds timers and hints, nothing that counts: what it has lost is rebuilt from Postgres. */
export const flushRedis = defineScenario({
  name: 'flush-redis',
  title: 'FLUSHALL on Redis while the e-mails of notifications are pending, and again under load',
  needs: 'system',
  full: { pending: 300, calls: 600, flushes: 10 },
  short: { pending: 30, calls: 40, flushes: 2 },
  async run(stage, { pending, calls, flushes }) {
    const { system, mail, random, scope } = stage;
    const redis = new Redis(system.urls.redis);
    scope.defer('redis', () => redis.disconnect());
    const { ada, grace, projectId } = await startTeam(system);
    const ended = await register(system, 'Edsger');
    await ended.ask('mutation { logoutEverywhere { sessionIds } }');
    await waitFor(async () => (await refusalOf(ended)) === 'REVOKED', { timeoutMs: 2_000 });
    const live = grace.listen('subscription { notificationReceived { notification { id } } }');
    scope.defer('subscription', () => live.stop());
    await waitFor(async () => ((await redis.pubsub('CHANNELS', `live:*${grace.id}`)) as string[]).length > 0);

    // Each e-mail fails once: its job then waits in Redis for the next attempt.
    mail.refuse(true);
    scope.defer('mail', () => mail.refuse(false));
    const first = startLoad({ person: ada, projectId, assigneeId: grace.id, count: pending });
    await first.done;
    await untilAll(() => emails(stage, first.ids, "attempts > 0 and state = 'DUE'"), pending);
    const waiting = await jobsIn(redis);
    await redis.flushall();
    stage.did(`FLUSHALL with ${waiting} jobs in Redis`);
    mail.refuse(false);

    const moments = random.moments(flushes, calls);
    const second = startLoad({ person: ada, projectId, assigneeId: grace.id, count: calls });
    for (const moment of moments) {
      await second.reached(moment);
      await redis.flushall();
    }
    await second.done;
    stage.did(`FLUSHALL after ${moments.join(', ')} of ${calls} further calls`);
    const ids = [...first.ids, ...second.ids];
    await untilAll(() => countNotified(system, ids), ids.length);
    await untilAll(() => emails(stage, ids, "state = 'SENT'"), ids.length, 90_000);
    await waitFor(() => live.events.length >= ids.length, { timeoutMs: 35_000 }).catch(() => {});

    const counts = await countTasks(stage, ids);
    const rows = await system.sql<{ id: string }>(
      'notifications',
      'select id from notification where recipient_id = $1',
      [grace.id],
    );
    const sent = mail.accepted.filter((messageId) => rows.some(({ id }) => messageId.includes(id)));
    const received = live.events.map((event) => event.notificationReceived.notification.id as string);
    stage.counted({ 'jobs lost with Redis': waiting, flushes: flushes + 1, ...counts });
    stage.counted({ 'e-mails': new Set(sent).size, 'e-mails twice': surplus(sent) });
    stage.counted({ 'received live': new Set(received).size, 'live twice': surplus(received) });
    stage.check('jobs were pending at the first FLUSHALL', waiting >= pending);
    stage.check('every job ran: each notification has its e-mail', new Set(sent).size === ids.length);
    stage.check('each e-mail went out once, as no process died', surplus(sent) === 0);
    stage.check('each notification was written once', counts.lost === 0 && counts.twice === 0);
    stage.check(
      'the open subscription received each once',
      new Set(received).size === ids.length && surplus(received) === 0,
    );
    stage.check("the recipient's feed has no gap and no repeat", await feedIsGapless(system, grace.id));
    stage.check('0 dead letters', (await countEverywhere(system, 'dead_letter')) === 0);
    stage.check('a session that was ended before stays ended', (await refusalOf(ended)) === 'REVOKED');
  },
});

/** Why the person's token is refused; undefined while it is taken. */
async function refusalOf(person: Person): Promise<unknown> {
  return (await person.answer('{ me { id } }')).errors?.[0]?.extensions.reason;
}

/** Jobs that Redis holds: waiting for their time, for a worker, or running. */
async function jobsIn(redis: Redis): Promise<number> {
  const queue = 'bull:notifications';
  const counts = await Promise.all([
    redis.zcard(`${queue}:delayed`),
    redis.llen(`${queue}:wait`),
    redis.llen(`${queue}:active`),
    redis.zcard(`${queue}:prioritized`),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function emails({ system }: Stage, taskIds: string[], condition: string): Promise<number> {
  const [row] = await system.sql<{ n: number }>(
    'notifications',
    `select count(*)::int as n from email_delivery e join notification n on n.id = e.notification_id
     where n.task_id = any($1::uuid[]) and (${condition.replace('state', 'e.state')})`,
    [taskIds],
  );
  return row?.n ?? 0;
}
