import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture } from './fixture.ts';

const updateTask = `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) {
  __typename
  ... on UpdateTaskPayload { task { id key title status version createdAt updatedAt } }
  ... on UpdateTaskConflict { task { title status version } fields { field base theirs yours } }
} }`;

const nine = { at: '2026-11-20T09:00:00.000Z', timeZone: 'Europe/Berlin' };

const scope = testScope();
const [owner, member, guest, stranger] = [person(), person(), person(), person()] as const;
let tasks: Fixture;
let workspaceId: string;
let projectId: string;

beforeAll(async () => {
  tasks = await startFixture(scope);
  workspaceId = await tasks.members(newId(), {
    [owner.userId]: 'OWNER',
    [member.userId]: 'MEMBER',
    [guest.userId]: 'GUEST',
  });
  projectId = await tasks.project(owner, workspaceId);
  await tasks.members(newId(), { [stranger.userId]: 'OWNER' });
});

async function update(viewer: Person, input: Record<string, unknown>) {
  const { data, errors } = await tasks.call(viewer, updateTask, { input });
  expect(errors).toBeUndefined();
  return data.updateTask;
}

describe('updateTask', () => {
  it('writes the fields, the version and the event with what changed', async () => {
    const id = await tasks.task(owner, projectId, { assigneeId: member.userId });
    const answer = await update(member, { id, version: 1, title: 'B', status: 'IN_PROGRESS' });
    expect(answer).toMatchObject({
      __typename: 'UpdateTaskPayload',
      task: { id, title: 'B', status: 'IN_PROGRESS', version: 2 },
    });
    expect(answer.task.updatedAt > answer.task.createdAt).toBe(true);
    const { key } = answer.task;
    const [, event] = await tasks.events(id);
    expect(event).toEqual({
      type: 'tasks.task.updated.v1',
      version: 2,
      actor_id: member.userId,
      changes: { title: { from: 'A', to: 'B' }, status: { from: 'TODO', to: 'IN_PROGRESS' } },
      data: {
        changed: ['title', 'status'],
        task: {
          id,
          workspaceId,
          projectId,
          key,
          title: 'B',
          status: 'IN_PROGRESS',
          ...{ description: '', priority: 'NONE', start: null, due: null, estimate: null },
          creatorId: owner.userId,
          assigneeId: member.userId,
        },
      },
    });
  });

  it('sets every field that it takes, and clears those that may be empty', async () => {
    const id = await tasks.task(owner, projectId);
    const read = `query ($id: ID!) { task(id: $id) {
      description priority estimate assignee { id } start { date at timeZone } due { date at timeZone }
    } }`;
    const now = async () => (await tasks.call(owner, read, { id })).data.task;
    const at = '2026-12-01T23:30:00.000Z';
    const dates = { start: { date: '2026-11-20' }, due: { at, timeZone: 'Asia/Tokyo' } };
    const plain = { description: '*B*', priority: 'URGENT', estimate: 8 };
    await update(owner, { id, version: 1, ...plain, ...dates, assigneeId: guest.userId });
    expect(await now()).toEqual({
      ...plain,
      assignee: { id: guest.userId },
      start: { date: '2026-11-20', at: null, timeZone: null },
      due: { date: '2026-12-02', at, timeZone: 'Asia/Tokyo' },
    });
    const cleared = { description: '', estimate: null, assigneeId: null, start: null, due: null };
    await update(owner, { id, version: 2, ...cleared, priority: 'NONE' });
    const { assigneeId: _, ...empty } = cleared;
    expect(await now()).toEqual({ ...empty, priority: 'NONE', assignee: null });
    const [, set, unset] = await tasks.events(id);
    expect(set.data).toMatchObject({ task: { ...plain, assigneeId: guest.userId } });
    expect(unset.changes.due).toEqual({ from: { date: '2026-12-02', at, timeZone: 'Asia/Tokyo' }, to: null });
    expect([...unset.data.changed].sort()).toEqual([...Object.keys(cleared), 'priority'].sort());
  });

  it('covers each of them: others’ edits merge, the same field is a conflict', async () => {
    const edits = {
      description: ['x', 'y'],
      priority: ['LOW', 'HIGH'],
      estimate: [1, 2],
      assigneeId: [member.userId, owner.userId],
      start: [{ date: '2026-11-20' }, { date: '2026-11-21' }],
      due: [{ date: '2026-11-22' }, { at: '2026-11-22T09:00:00.000Z', timeZone: 'UTC' }],
    };
    const id = await tasks.task(owner, projectId);
    let version = 1;
    for (const [field, [theirs]] of Object.entries(edits)) {
      const answer = await update(owner, { id, version: 1, [field]: theirs });
      expect(answer).toMatchObject({ __typename: 'UpdateTaskPayload', task: { version: ++version } });
    }
    for (const [field, [theirs, yours]] of Object.entries(edits)) {
      expect(await update(member, { id, version: 1, [field]: theirs })).toMatchObject({ task: { version } });
      const answer = await update(member, { id, version: 1, [field]: yours, title: 'B' });
      expect(answer).toMatchObject({ __typename: 'UpdateTaskConflict', fields: [{ field }], task: { title: 'A' } });
    }
  });

  it('leaves the start before the due date, also when these are two people’s edits', async () => {
    const id = await tasks.task(owner, projectId);
    await update(owner, { id, version: 1, due: { date: '2026-11-20' } });
    const start = { date: '2026-11-21' };
    expect(await tasks.refused(member, updateTask, { id, version: 1, start })).toBe('BAD_USER_INPUT input.start');
  });

  it('leaves a task with somebody who was removed, and gives it to nobody else who is no member', async () => {
    const removed = person();
    await tasks.members(workspaceId, { [removed.userId]: 'MEMBER' });
    const id = await tasks.task(owner, projectId, { assigneeId: removed.userId });
    await tasks.change(workspaceId, removed.userId, null);
    const kept = await update(owner, { id, version: 1, assigneeId: removed.userId, title: 'B' });
    expect(kept).toMatchObject({ __typename: 'UpdateTaskPayload', task: { title: 'B', version: 2 } });
    for (const assigneeId of [stranger.userId, newId()]) {
      expect(await tasks.refused(owner, updateTask, { id, version: 2, assigneeId })).toBe(
        'BAD_USER_INPUT input.assigneeId',
      );
    }
  });

  it('merges edits of different fields that were made from the same version', async () => {
    const id = await tasks.task(owner, projectId);
    const answers = await Promise.all([
      update(owner, { id, version: 1, title: 'B' }),
      update(member, { id, version: 1, status: 'DONE' }),
    ]);
    expect(answers.map((answer) => answer.__typename)).toEqual(['UpdateTaskPayload', 'UpdateTaskPayload']);
    expect(answers.map((answer) => answer.task.version).sort()).toEqual([2, 3]);
    expect(await update(owner, { id, version: 3 })).toMatchObject({ task: { title: 'B', status: 'DONE', version: 3 } });
  });

  it('answers with both values where both changed a field, and writes nothing, not even the other field', async () => {
    const id = await tasks.task(owner, projectId);
    await update(owner, { id, version: 1, title: 'B' });
    await update(owner, { id, version: 2, title: 'C "quoted"' });
    const before = await tasks.written();
    expect(await update(member, { id, version: 1, title: 'D', status: 'DONE' })).toEqual({
      __typename: 'UpdateTaskConflict',
      task: { title: 'C "quoted"', status: 'TODO', version: 3 },
      fields: [{ field: 'title', base: '"A"', theirs: '"C \\"quoted\\""', yours: '"D"' }],
    });
    expect(await tasks.written()).toEqual(before);
  });

  it('lets exactly one of many edits of one field at once through', async () => {
    const id = await tasks.task(owner, projectId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => update(owner, { id, version: 1, title: `Title ${n}` })),
    );
    expect(answers.filter(({ __typename }) => __typename === 'UpdateTaskPayload')).toHaveLength(1);
    expect((await tasks.events(id)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('writes nothing for an edit that changes nothing', async () => {
    const id = await tasks.task(owner, projectId);
    const before = await tasks.written();
    for (const edit of [{}, { title: 'A' }, { title: ' A ', status: 'TODO' }]) {
      expect(await update(owner, { id, version: 1, ...edit })).toMatchObject({ task: { title: 'A', version: 1 } });
    }
    expect(await tasks.written()).toEqual(before);
  });

  it('is refused to guests, to strangers, and to nobody', async () => {
    const input = { id: await tasks.task(owner, projectId), version: 1, title: 'B' };
    expect(await tasks.refused(guest, updateTask, input)).toBe('FORBIDDEN');
    expect(await tasks.refused(stranger, updateTask, input)).toBe('NOT_FOUND');
    expect(await tasks.refused(owner, updateTask, { ...input, id: newId() })).toBe('NOT_FOUND');
    expect(await tasks.refused(null, updateTask, input)).toBe('UNAUTHENTICATED');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an id that is none', { id: 'x' }, 'BAD_USER_INPUT input.id'],
    ['a version that the task has not had', { version: 2 }, 'BAD_USER_INPUT input.version'],
    ['version 0', { version: 0 }, 'BAD_USER_INPUT input.version'],
    ['version -1', { version: -1 }, 'BAD_USER_INPUT input.version'],
    ['an empty title', { title: '' }, 'BAD_USER_INPUT input.title'],
    ['no title', { title: null }, 'BAD_USER_INPUT input.title'],
    ['no status', { status: null }, 'BAD_USER_INPUT input.status'],
    ['an unknown status', { status: 'DOING' }, 'BAD_USER_INPUT input.status'],
    ['no description', { description: null }, 'BAD_USER_INPUT input.description'],
    ['no priority', { priority: null }, 'BAD_USER_INPUT input.priority'],
    ['an estimate above 1000', { estimate: 1001 }, 'BAD_USER_INPUT input.estimate'],
    ['an assignee id that is none', { assigneeId: 'x' }, 'BAD_USER_INPUT input.assigneeId'],
    ['a time zone that there is not', { due: { ...nine, timeZone: 'Mars/Base' } }, 'BAD_USER_INPUT input.due.timeZone'],
    ['a day in a time zone', { start: { date: '2026-11-20', timeZone: 'UTC' } }, 'BAD_USER_INPUT input.start.timeZone'],
    ['an unknown field', { titel: 'B' }, 'BAD_USER_INPUT input'],
  ])('refuses %s', async (_name, other, expected) => {
    const id = await tasks.task(owner, projectId);
    expect(await tasks.refused(owner, updateTask, { id, version: 1, ...other })).toBe(expected);
  });
});
