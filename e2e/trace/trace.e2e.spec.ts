import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { serviceNames } from '#dev/services.ts';
import { createScope } from '#platform/service/scope.ts';
import { type ReceivedSpan, receiveSpans } from '#platform/telemetry/test/receiveSpans.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createTask, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

const scope = createScope();
let collector: Awaited<ReturnType<typeof receiveSpans>>;
let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
beforeAll(async () => {
  collector = await receiveSpans(scope);
  const OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  const env = Object.fromEntries(serviceNames.map((name) => [name, { OTEL_EXPORTER_OTLP_ENDPOINT }]));
  system = await startTestSystem({ env });
  team = await startTeam(system);
});
afterAll(async () => {
  await system?.remove();
  await scope.close();
});

/** Ada gives Grace a task; once Grace's e-mail has gone, the trace and the event that this was. */
async function assign() {
  const { ada, grace, projectId } = team;
  const task = await createTask(ada, { projectId, title: 'Follow me', assigneeId: grace.id });
  const event = await waitFor(() => system.logs.find((line) => line.aggregate_id === task.id));
  const eventId = event.event_id as string;
  await waitFor(() =>
    system.logs.some((line) => line.event_id === eventId && line.msg === 'No e-mail sent: there is no SMTP_URL'),
  );
  return { traceId: event.trace_id as string, eventId };
}

/** The spans that a span lies in, from the first of its trace to itself. */
function wayTo(span: ReceivedSpan, among: ReceivedSpan[]): string[] {
  const parent = among.find(({ spanId }) => spanId === span.parentId);
  return [...(parent ? wayTo(parent, among) : []), `${span.service} ${span.name}`];
}

const isWhole = (span: ReceivedSpan, among: ReceivedSpan[]): boolean =>
  span.parentId === '' || among.some((parent) => parent.spanId === span.parentId && isWhole(parent, among));

const told = (field: 'trace_id' | 'event_id', id: string) =>
  system.logs.filter((line) => line[field] === id).map(({ service, msg }) => `${service}: ${msg}`);

describe('a task that somebody is given', () => {
  it('is one trace: from the gateway over tasks and its Postgres to the consumer in notifications', async () => {
    const { traceId } = await assign();
    const spans = () => collector.spans.filter((span) => span.traceId === traceId);
    const names = ['graphql mutation', 'consume notifications-on-task-assigned', 'job sendNotificationEmail'];
    // Each service sends what it has once a second; a span ends after those in it.
    await waitFor(() => names.every((name) => spans().some((span) => span.name === name && isWhole(span, spans()))));

    const ways = spans().map((span) => wayTo(span, spans()).join(' > '));
    const toTasks = 'gateway graphql mutation > gateway fetch tasks';
    const committed = `${toTasks} > tasks graphql mutation > tasks prisma:client:transaction`;
    const consumed = `${committed} > notifications consume notifications-on-task-assigned`;
    expect(ways).toEqual(
      expect.arrayContaining([
        `${committed} > tasks prisma:client:commit_transaction > tasks prisma:client:db_query`,
        `${consumed} > notifications postgres exchange`,
        `${consumed} > notifications job sendNotificationEmail`,
      ]),
    );
  });

  it('is found in the logs by its trace id, and from the commit on by its event id', async () => {
    const { traceId, eventId } = await assign();
    const sinceTheCommit = [
      'tasks: Event',
      'notifications: Told',
      'notifications: No e-mail sent: there is no SMTP_URL',
    ];
    await waitFor(() => told('trace_id', traceId).includes('gateway: Mutation'));
    expect(told('trace_id', traceId)).toEqual(expect.arrayContaining(['tasks: Mutation', ...sinceTheCommit]));
    expect(told('event_id', eventId)).toEqual(expect.arrayContaining(sinceTheCommit));
  });
});

it('every service tells of a collector that is away', async () => {
  await scope.close();
  const isTold = (service: string) =>
    system.logs.some((line) => line.service === service && line.msg?.startsWith('telemetry'));
  const query =
    '{ me { id workspaces { nodes { id projects { nodes { tasks { nodes { comments { nodes { id } } } } } } } } } }';
  await waitFor(
    async () => {
      await team.ada.ask(query);
      await assign();
      return serviceNames.every(isTold);
    },
    { timeoutMs: 20_000 },
  );
});
