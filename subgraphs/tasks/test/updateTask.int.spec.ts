import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture } from './fixture.ts';

const updateTask = `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) {
  __typename
  ... on UpdateTaskPayload { task { id key title status version createdAt updatedAt } }
  ... on UpdateTaskConflict { task { title status version } fields { field base theirs yours } }
} }`;

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
          creatorId: owner.userId,
          assigneeId: member.userId,
        },
      },
    });
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
    ['an unknown field', { titel: 'B' }, 'BAD_USER_INPUT input'],
  ])('refuses %s', async (_name, other, expected) => {
    const id = await tasks.task(owner, projectId);
    expect(await tasks.refused(owner, updateTask, { id, version: 1, ...other })).toBe(expected);
  });
});
