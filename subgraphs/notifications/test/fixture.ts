import type { z } from 'zod';
import { CommentAdded } from '#events/comments.ts';
import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { parseEnv } from '#platform/env.ts';
import { newId } from '#platform/ids.ts';
import { createLogger } from '#platform/logger.ts';
import { createScope, type OwnedScope, type Scope } from '#platform/service/scope.ts';
import {
  callSubgraph,
  startPublisher,
  startStandIn,
  startTestNats,
  startTestRedis,
  testDatabase,
  writersOfInbox,
} from '#platform/testing/index.ts';
import type { Letter } from '../src/domain/mail.ts';
import type { Membership } from '../src/domain/membership.ts';
import type { Person } from '../src/domain/person.ts';
import type { Role } from '../src/domain/policy.ts';
import { notificationsEnvSchema } from '../src/env.ts';
import { startNotifications } from '../src/startNotifications.ts';
import { startSmtp } from './smtpServer.ts';
import { notificationReceived, type Operation, type Received, subscribe } from './subscribe.ts';

type TaskState = z.infer<typeof TaskCreated.data>['task'];

/** Somebody who has an account, and calls. */
export type Account = { userId: string; sessionId: string; name: string; email: string };

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/**
 * The notifications subgraph in this process, on a database, a NATS, a Redis and an SMTP server of its own, and what a test
 * does with it. Memberships and people are known to users only: the subgraph asks for them.
 */
export async function startFixture(
  scope: Scope,
  { started = true, smtp: withSmtp = true, role = 'all', rereadFeedsMs = 30_000 } = {},
) {
  const servers = await Promise.all([testDatabase('notifications'), startTestNats(), startTestRedis()]);
  const [database, nats, redis] = servers;
  scope.defer('test servers', async () => {
    await Promise.all([database.drop(), nats.remove(), redis.remove()]);
  });
  const smtp = await startSmtp(scope);
  const memberships = new Map<string, Membership>();
  const people = new Map<string, Person>();
  const letters = new Map<string, Letter>();
  const openWhenAsked: number[] = [];
  const noteOpen = async () => {
    let open = await writersOfInbox(database.pool);
    // Other consumers may be at it at the moment; one that asks meanwhile stays open however long that takes.
    for (const until = Date.now() + 500; open > 0 && Date.now() < until; ) open = await writersOfInbox(database.pool);
    openWhenAsked.push(open);
  };
  const users = await startStandIn(scope, 'users', {
    async '/internal/memberships'({ userId }) {
      await noteOpen();
      return { memberships: [...memberships.values()].filter((membership) => membership.userId === userId) };
    },
    async '/internal/person'({ id }) {
      await noteOpen();
      return { person: people.get(id as string) ?? null };
    },
    '/internal/letter': ({ subjectId }) => ({ letter: letters.get(subjectId as string) ?? null }),
  });
  const places = new Map<string, { id: string; workspaceId: string }>();
  const placesOf = ({ ids }: { ids: string[] }) => ids.flatMap((id) => places.get(id) ?? []);
  const tasks = await startStandIn(scope, 'tasks', {
    '/internal/projects': (input) => ({
      projects: placesOf(input).map((place) => ({ ...place, key: 'WEB', name: 'Website', version: 1 })),
    }),
    '/internal/tasks': (input) => ({
      tasks: placesOf(input).map(({ id, workspaceId }) => ({
        ...taskState({ id, workspaceId, creatorId: newId(), assigneeId: null }),
        version: 1,
      })),
    }),
  });
  const lines: string[] = [];
  let own: OwnedScope = createScope();
  scope.defer('notifications', () => own.close());
  const service = {
    url: '',
    /** Starts it; a role that is given is started beside what runs already, which goes on being called. */
    async start(startedRole = role) {
      const previous = own;
      own = createScope();
      if (startedRole !== role) own.defer('the other role', () => previous.close());
      const env = parseEnv(notificationsEnvSchema, {
        NODE_ENV: 'test',
        PORT: '0',
        ROLE: startedRole,
        DATABASE_URL: database.url,
        NATS_URL: nats.url,
        REDIS_URL: redis.url,
        JOBS_REDIS_URL: redis.url,
        USERS_URL: users.url,
        TASKS_URL: tasks.url,
        EMAIL_SWEEP_SECONDS: '1',
        ...(withSmtp && { SMTP_URL: smtp.url }),
      });
      const log = createLogger({
        service: 'notifications',
        level: 'info',
        destination: { write: (line: string) => void lines.push(line) },
      });
      const { url } = await startNotifications(env, own, log, { rereadFeedsMs });
      if (startedRole === role) service.url = url;
      return url;
    },
    stop: () => own.close(),
  };
  if (started) await service.start();
  const { pool } = database;
  const publisher = startPublisher(scope, nats.url);
  const workspaceId = newId();

  const open = <Event>(viewer: Account | null, operation: Operation) => {
    const subscribed = subscribe<Event>(service.url, viewerOf(viewer), operation);
    scope.defer('subscription', subscribed.close);
    return subscribed;
  };

  return {
    workspaceId,
    service,
    pool,
    nats,
    redis,
    smtp,
    users,
    tasks,
    /** The projects and the tasks that the subgraph is told of when it asks tasks. */
    places,
    /** At each question that users was asked: how many transactions were open that had recorded an event as handled. */
    openWhenAsked,
    memberships,
    people,
    /** What users says of its letters, by what they are about. */
    letters,
    lines,
    publisher,
    /** A new person, known to users, and a member unless `role` is null. */
    account(name: string, role: Role | null = 'MEMBER'): Account {
      const userId = newId();
      const email = `${name.toLowerCase()}-${userId.slice(-12)}@example.com`;
      people.set(userId, { id: userId, name, email, version: 1 });
      memberships.set(`${workspaceId} ${userId}`, { workspaceId, userId, role, version: 1 });
      return { userId, sessionId: newId(), name, email };
    },
    call: (viewer: Account | null, query: string, variables: Record<string, unknown> = {}) =>
      callSubgraph({ url: service.url, callee: 'notifications', viewer: viewerOf(viewer), query, variables }),
    subscribe: (viewer: Account | null, { after, signed }: { after?: string; signed?: boolean } = {}) =>
      open<Received>(viewer, { query: notificationReceived, variables: after === undefined ? {} : { after }, signed }),
    open,
    /** Somebody creates a task for somebody. */
    assign(actor: Account, assignee: Account | null, more: { title?: string; workspaceId?: string } = {}) {
      const task = taskState({ workspaceId, creatorId: actor.userId, assigneeId: assignee?.userId ?? null, ...more });
      const fact = { aggregateId: task.id, version: 1, actorId: actor.userId, data: { task } };
      return publisher.publish(TaskCreated, fact);
    },
    /** Somebody changes a task. */
    update(actor: Account, assignee: Account | null, changed: string[]) {
      const task = taskState({ workspaceId, creatorId: actor.userId, assigneeId: assignee?.userId ?? null });
      const fact = { aggregateId: task.id, version: 2, actorId: actor.userId, data: { task, changed } };
      return publisher.publish(TaskUpdated, fact);
    },
    /** Somebody comments on a task. */
    comment(author: Account, creator: Account, assignee: Account | null) {
      const comment = { id: newId(), workspaceId, taskId: newId(), authorId: author.userId, body: 'Done?' };
      const { key, title } = taskState({ workspaceId, creatorId: creator.userId, assigneeId: null });
      const task = { key, title, creatorId: creator.userId, assigneeId: assignee?.userId ?? null };
      const fact = { aggregateId: comment.id, version: 1, actorId: author.userId, data: { comment, task } };
      return publisher.publish(CommentAdded, fact);
    },
    /** The notifications of a person as they lie in the database, the oldest first. */
    async feedOf({ userId }: Account) {
      const { rows } = await pool.query(
        `select n.*, e.state, e.attempts, e.sent_at, e.last_error from notification n left join email_delivery e on e.notification_id = n.id
         where recipient_id = $1 order by sequence`,
        [userId],
      );
      return rows;
    },
    mailsTo: ({ email }: Account) =>
      smtp.mails.filter(({ to }) => [to].flat().some((list) => list?.value.some(({ address }) => address === email))),
    async count(sql: string, ...values: unknown[]): Promise<number> {
      return Number((await pool.query(`select count(*) as n from ${sql}`, values)).rows[0].n);
    },
    /** Everything that a mutation could have written. */
    async written(): Promise<Record<string, number>> {
      const { rows } = await pool.query(`select (select count(*) from notification)::int as notifications,
        (select count(*) from notification where read_at is not null)::int as read,
        (select count(*) from backbone.event)::int as events`);
      return rows[0];
    },
  };
}

const viewerOf = (account: Account | null) => account && { userId: account.userId, sessionId: account.sessionId };

/** What the events carry of a task. */
export function taskState(
  given: { workspaceId: string; creatorId: string; assigneeId: string | null } & Partial<TaskState>,
): TaskState {
  const bare = { id: newId(), projectId: newId(), key: 'WEB-42', title: 'Fix the header', status: 'TODO' as const };
  const more = { priority: 'NONE' as const, start: null, due: null, estimate: null, description: '' };
  return { ...bare, ...more, ...given };
}
