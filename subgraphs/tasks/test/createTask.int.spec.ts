import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, person, startFixture } from './fixture.ts';

const createTask = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task {
  id key number title status version creator { id } assignee { id } project { id } createdAt updatedAt viewerCanUpdate
} } }`;

const nine = { at: '2026-11-20T09:00:00.000Z', timeZone: 'Europe/Berlin' };

const scope = testScope();
const [owner, member, guest, stranger] = [person(), person(), person(), person()] as const;
let tasks: Fixture;
let workspaceId: string;
let projectId: string;
let elsewhere: string;

beforeAll(async () => {
  tasks = await startFixture(scope);
  workspaceId = await tasks.members(newId(), {
    [owner.userId]: 'OWNER',
    [member.userId]: 'MEMBER',
    [guest.userId]: 'GUEST',
  });
  projectId = await tasks.project(owner, workspaceId);
  elsewhere = await tasks.project(stranger, await tasks.members(newId(), { [stranger.userId]: 'OWNER' }));
});

describe('createTask', () => {
  it('writes the task and its event, and answers with it', async () => {
    const input = { projectId, title: '  Fix the header ', assigneeId: member.userId };
    const { data, errors } = await tasks.call(owner, createTask, { input });
    expect(errors).toBeUndefined();
    const { task } = data.createTask;
    expect(task).toMatchObject({
      key: 'WEB-1',
      number: 1,
      title: 'Fix the header',
      status: 'TODO',
      version: 1,
      creator: { id: owner.userId },
      assignee: { id: member.userId },
      project: { id: projectId },
      updatedAt: task.createdAt,
      viewerCanUpdate: true,
    });
    expect(task.createdAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    const { id } = task;
    const state = {
      ...{ id, workspaceId, projectId, key: 'WEB-1', title: 'Fix the header', status: 'TODO' },
      ...{ description: '', priority: 'NONE', start: null, due: null, estimate: null },
    };
    expect(await tasks.events(id)).toEqual([
      {
        type: 'tasks.task.created.v1',
        version: 1,
        actor_id: owner.userId,
        changes: {},
        data: { task: { ...state, creatorId: owner.userId, assigneeId: member.userId } },
      },
    ]);
  });

  it('writes all that may be said of a task, and tells it in the event', async () => {
    const at = '2026-12-01T23:30:00.000Z';
    const details = { description: '# Why\n\n- <b>', priority: 'HIGH', estimate: 5 };
    const input = {
      projectId,
      title: 'A',
      ...details,
      start: { date: '2026-11-20' },
      due: { at, timeZone: 'Asia/Tokyo' },
    };
    const query = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task {
      id description priority estimate start { date at timeZone } due { date at timeZone }
    } } }`;
    const { data, errors } = await tasks.call(owner, query, { input });
    expect(errors).toBeUndefined();
    const { id, ...said } = data.createTask.task;
    const start = { date: '2026-11-20', at: null, timeZone: null };
    const due = { date: '2026-12-02', at, timeZone: 'Asia/Tokyo' };
    expect(said).toEqual({ ...details, start, due });
    const read = 'query ($id: ID!) { task(id: $id) { description due { date at timeZone } } }';
    expect((await tasks.call(member, read, { id })).data.task).toEqual({ description: details.description, due });
    const [event] = await tasks.events(id);
    expect(event.data.task).toMatchObject({ ...details, start, due });
  });

  it('numbers many tasks at once without a gap or a repeat', async () => {
    const busy = await tasks.project(owner, workspaceId, 'BUSY');
    const taken = await tasks.task(owner, projectId);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        tasks.call(n % 2 ? owner : member, createTask, {
          // Every fifth fails late, in its transaction: its id is taken.
          input: { projectId: busy, title: `Task ${n}`, ...(n % 5 === 4 ? { id: taken } : {}) },
        }),
      ),
    );
    const numbers = answers.flatMap(({ data }) => data?.createTask.task.number ?? []);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: numbers.length }, (_, n) => n + 1));
    expect(numbers.length).toBe(32);
    const { rows } = await tasks.pool.query(
      `select count(*)::int as events, (select last_task_number from project where id = $1) as last
       from backbone.event where type = 'tasks.task.created.v1' and data->'task'->>'projectId' = $1::text`,
      [busy],
    );
    expect(rows[0]).toEqual({ events: 32, last: 32 });
  });

  it('is few round trips: the project, both roles, whether it is archived, then one transaction of two statements', async () => {
    const input = { projectId, title: 'A', assigneeId: member.userId };
    const { queries } = await queriesOf(() => tasks.call(owner, createTask, { input }));
    expect(queries.map((sql) => sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'select id,',
      'select workspace_id',
      'select id,',
      'BEGIN',
      'with numbered',
      // The event's row is the backbone's, and not counted here.
      'COMMIT',
    ]);
  });

  it('with a client id is safe to repeat, at once and later, and after the task was changed', async () => {
    const input = { id: newId(), projectId, title: 'Once', assigneeId: null };
    const answers = await Promise.all([1, 2, 3, 4].map(() => tasks.call(owner, createTask, { input })));
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data).toEqual(answers[0]?.data);
    }
    await tasks.pool.query("update task set title = 'Changed', version = 2 where id = $1", [input.id]);
    const before = await tasks.written();
    const { data } = await tasks.call(owner, createTask, { input: { ...input, id: input.id.toUpperCase() } });
    expect(data.createTask.task).toMatchObject({ id: input.id, title: 'Changed', version: 2 });
    expect(await tasks.written()).toEqual(before);
  });

  it('with a client id answers a retry as the first time although its input would be refused now', async () => {
    const [creator, assignee] = [person(), person()];
    await tasks.members(workspaceId, { [creator.userId]: 'MEMBER', [assignee.userId]: 'MEMBER' });
    const input = { id: newId(), projectId, title: 'Once', assigneeId: assignee.userId };
    const first = await tasks.call(creator, createTask, { input });
    expect(first.errors).toBeUndefined();
    await tasks.change(workspaceId, assignee.userId, null);
    expect(await tasks.call(creator, createTask, { input })).toEqual(first);
    await tasks.change(workspaceId, creator.userId, 'GUEST');
    const { data } = await tasks.call(creator, createTask, { input });
    expect(data.createTask.task).toEqual({ ...first.data.createTask.task, viewerCanUpdate: false });
    // What may not be seen any more is not there, and other input is not a retry.
    await tasks.change(workspaceId, creator.userId, null);
    expect(await tasks.refused(creator, createTask, input)).toBe('NOT_FOUND');
    expect(await tasks.refused(creator, createTask, { ...input, title: 'Twice' })).toBe('ID_TAKEN');
  });

  it.each([
    ['left out and then null', {}, { assigneeId: null }],
    ['null and then left out', { assigneeId: null }, {}],
  ])('with a client id is repeated by an assignee that is %s', async (_name, before, after) => {
    const input = { id: newId(), projectId, title: 'Once' };
    const first = await tasks.call(owner, createTask, { input: { ...input, ...before } });
    expect(first.errors).toBeUndefined();
    expect(await tasks.call(owner, createTask, { input: { ...input, ...after } })).toEqual(first);
  });

  it('with a taken id is ID_TAKEN for other input, for others, and for an id that the server gave', async () => {
    const input = { id: newId(), projectId, title: 'Once' };
    await tasks.call(owner, createTask, { input });
    expect(await tasks.refused(owner, createTask, { ...input, title: 'Twice' })).toBe('ID_TAKEN');
    expect(await tasks.refused(member, createTask, input)).toBe('ID_TAKEN');
    expect(await tasks.refused(stranger, createTask, { ...input, projectId: elsewhere })).toBe('ID_TAKEN');
    const given = await tasks.task(owner, projectId);
    expect(await tasks.refused(owner, createTask, { ...input, id: given })).toBe('ID_TAKEN');
    // One table remembers the ids of all that is created.
    const project = `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }`;
    expect(await tasks.refused(owner, project, { id: input.id, workspaceId, key: 'NEW', name: 'New' })).toBe(
      'ID_TAKEN',
    );
  });

  it('is refused to guests, to strangers, and to nobody', async () => {
    const input = { projectId, title: 'A' };
    expect(await tasks.refused(guest, createTask, input)).toBe('FORBIDDEN');
    expect(await tasks.refused(stranger, createTask, input)).toBe('NOT_FOUND');
    expect(await tasks.refused(owner, createTask, { ...input, projectId: newId() })).toBe('NOT_FOUND');
    expect(await tasks.refused(null, createTask, input)).toBe('UNAUTHENTICATED');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an empty title', { title: ' \n ' }, 'BAD_USER_INPUT input.title'],
    ['a title of 501 characters', { title: 'x'.repeat(501) }, 'BAD_USER_INPUT input.title'],
    ['a title of two lines', { title: 'a\nb' }, 'BAD_USER_INPUT input.title'],
    ['a title with NUL', { title: 'a\0b' }, 'BAD_USER_INPUT input.title'],
    ['a title with half a character', { title: 'a\ud800b' }, 'BAD_USER_INPUT input.title'],
    ['a project id that is none', { projectId: 'x' }, 'BAD_USER_INPUT input.projectId'],
    ['an assignee id that is none', { assigneeId: 'x' }, 'BAD_USER_INPUT input.assigneeId'],
    ['an assignee who is nobody', { assigneeId: newId() }, 'BAD_USER_INPUT input.assigneeId'],
    ['an assignee of another workspace', { assigneeId: stranger.userId }, 'BAD_USER_INPUT input.assigneeId'],
    ['an id of another version', { id: '5f2b7c9e-7d35-4b0e-9d4e-6c1f0a3b2d1c' }, 'BAD_USER_INPUT input.id'],
    ['an unknown status', { status: 'DOING' }, 'BAD_USER_INPUT input.status'],
    ['a description with NUL', { description: 'a\0b' }, 'BAD_USER_INPUT input.description'],
    ['a description of 50,001 characters', { description: 'x'.repeat(50_001) }, 'BAD_USER_INPUT input.description'],
    ['an unknown priority', { priority: 'ASAP' }, 'BAD_USER_INPUT input.priority'],
    ['an estimate below 0', { estimate: -1 }, 'BAD_USER_INPUT input.estimate'],
    ['an estimate above 1000', { estimate: 1001 }, 'BAD_USER_INPUT input.estimate'],
    ['half a point', { estimate: 0.5 }, 'BAD_USER_INPUT input.estimate'],
    ['a day that there is not', { due: { date: '2026-02-30' } }, 'BAD_USER_INPUT input.due.date'],
    ['a day and an instant', { due: { date: '2026-11-20', ...nine } }, 'BAD_USER_INPUT input.due.date'],
    ['an instant without a time zone', { start: { at: nine.at } }, 'BAD_USER_INPUT input.start.timeZone'],
    ['an offset for a time zone', { due: { ...nine, timeZone: '+01:00' } }, 'BAD_USER_INPUT input.due.timeZone'],
    ['a date without anything', { due: {} }, 'BAD_USER_INPUT input.due'],
    [
      'a start after the due date',
      { start: { date: '2026-11-21' }, due: { date: '2026-11-20' } },
      'BAD_USER_INPUT input.start input.due',
    ],
    ['several at once', { title: '', projectId: 'x' }, 'BAD_USER_INPUT input.projectId input.title'],
  ])('refuses %s', async (_name, other, expected) => {
    expect(await tasks.refused(owner, createTask, { projectId, title: 'A', ...other })).toBe(expected);
  });

  it('takes the longest title, and one that is not ASCII', async () => {
    for (const title of ['x'.repeat(500), 'Überschrift 見出し 🔑']) {
      const { data } = await tasks.call(owner, createTask, { input: { projectId, title } });
      expect(data.createTask.task.title).toBe(title);
    }
  });

  it('refuses a title of 2 MB, which the gateway would not have let through', async () => {
    const before = await tasks.written();
    const answer = await tasks.call(owner, createTask, { input: { projectId, title: 'x'.repeat(2 * 1024 * 1024) } });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await tasks.written()).toEqual(before);
  });
});
