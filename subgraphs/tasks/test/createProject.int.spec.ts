import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, person, startFixture } from './fixture.ts';

const createProject = `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project {
  id key name createdAt viewerCanCreateTasks workspace { id viewerCanCreateProjects } tasks { nodes { id } }
} } }`;

const scope = testScope();
const [owner, admin, member, guest, stranger] = [person(), person(), person(), person(), person()] as const;
let tasks: Fixture;
let workspaceId: string;
let elsewhere: string;

beforeAll(async () => {
  tasks = await startFixture(scope);
  workspaceId = await tasks.members(newId(), {
    [owner.userId]: 'OWNER',
    [admin.userId]: 'ADMIN',
    [member.userId]: 'MEMBER',
    [guest.userId]: 'GUEST',
  });
  elsewhere = await tasks.members(newId(), { [stranger.userId]: 'OWNER' });
});

describe('createProject', () => {
  it('writes the project and its event, and answers with it', async () => {
    const { data, errors } = await tasks.call(owner, createProject, {
      input: { workspaceId, key: 'WEB', name: ' Website ' },
    });
    expect(errors).toBeUndefined();
    const { project } = data.createProject;
    expect(project).toEqual({
      id: expect.any(String),
      key: 'WEB',
      name: 'Website',
      createdAt: expect.stringMatching(/Z$/),
      viewerCanCreateTasks: true,
      workspace: { id: workspaceId, viewerCanCreateProjects: true },
      tasks: { nodes: [] },
    });
    expect(await tasks.events(project.id)).toEqual([
      {
        type: 'tasks.project.created.v1',
        version: 1,
        actor_id: owner.userId,
        changes: {},
        data: { project: { id: project.id, workspaceId, key: 'WEB', name: 'Website' } },
      },
    ]);
  });

  it('is for every member but guests', async () => {
    expect(await tasks.refused(guest, createProject, { workspaceId, key: 'G1', name: 'G' })).toBe('FORBIDDEN');
    expect(await tasks.refused(stranger, createProject, { workspaceId, key: 'S1', name: 'S' })).toBe('NOT_FOUND');
    expect(await tasks.refused(owner, createProject, { workspaceId: newId(), key: 'S1', name: 'S' })).toBe('NOT_FOUND');
    expect(await tasks.refused(null, createProject, { workspaceId, key: 'N1', name: 'N' })).toBe('UNAUTHENTICATED');
    await tasks.project(admin, workspaceId, 'ADMIN');
    await tasks.project(member, workspaceId, 'MEMBER');
  });

  it('has a key of its own in its workspace, also when many want it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        tasks.call(owner, createProject, { input: { workspaceId, key: 'ONE', name: 'One' } }),
      ),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'ok').sort();
    expect(codes).toEqual([...Array(4).fill('KEY_TAKEN'), 'ok']);
    expect(await tasks.refused(member, createProject, { workspaceId, key: 'ONE', name: 'One' })).toBe('KEY_TAKEN');
    await tasks.project(stranger, elsewhere, 'ONE');
  });

  it('with a client id is safe to repeat; other input or another person is ID_TAKEN', async () => {
    const input = { id: newId(), workspaceId, key: 'RETRY', name: 'Retry' };
    const answers = await Promise.all([1, 2, 3].map(() => tasks.call(owner, createProject, { input })));
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data).toEqual(answers[0]?.data);
    }
    expect(await tasks.refused(owner, createProject, { ...input, name: 'Other' })).toBe('ID_TAKEN');
    expect(await tasks.refused(member, createProject, input)).toBe('ID_TAKEN');
    expect(await tasks.refused(stranger, createProject, { ...input, workspaceId: elsewhere })).toBe('ID_TAKEN');
    const id = await tasks.project(owner, workspaceId, 'SERVER');
    expect(await tasks.refused(owner, createProject, { ...input, id, key: 'NEW' })).toBe('ID_TAKEN');
  });

  it('with a client id answers a retry as the first time although its creator may not create any more', async () => {
    const creator = person();
    await tasks.members(workspaceId, { [creator.userId]: 'MEMBER' });
    const input = { id: newId(), workspaceId, key: 'AGAIN', name: 'Again' };
    expect((await tasks.call(creator, createProject, { input })).errors).toBeUndefined();
    await tasks.change(workspaceId, creator.userId, 'GUEST');
    const { data } = await tasks.call(creator, createProject, { input });
    expect(data.createProject.project).toMatchObject({ id: input.id, viewerCanCreateTasks: false });
    await tasks.change(workspaceId, creator.userId, null);
    expect(await tasks.refused(creator, createProject, input)).toBe('NOT_FOUND');
    expect(await tasks.refused(creator, createProject, { ...input, name: 'Other' })).toBe('ID_TAKEN');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a key of one character', { key: 'W' }, 'BAD_USER_INPUT input.key'],
    ['a key of 11 characters', { key: 'ABCDEFGHIJK' }, 'BAD_USER_INPUT input.key'],
    ['a key in lower case', { key: 'web' }, 'BAD_USER_INPUT input.key'],
    ['a key that begins with a digit', { key: '1WEB' }, 'BAD_USER_INPUT input.key'],
    ['a key with a line break at its end', { key: 'WEB\n' }, 'BAD_USER_INPUT input.key'],
    ['an empty name', { name: '' }, 'BAD_USER_INPUT input.name'],
    ['a name of 81 characters', { name: 'x'.repeat(81) }, 'BAD_USER_INPUT input.name'],
    ['a workspace id that is none', { workspaceId: 'x' }, 'BAD_USER_INPUT input.workspaceId'],
    [
      'everything wrong',
      { workspaceId: 'x', key: '', name: '' },
      'BAD_USER_INPUT input.workspaceId input.key input.name',
    ],
  ])('refuses %s', async (_name, other, expected) => {
    const input = { workspaceId, key: 'BAD', name: 'Bad', ...other };
    expect(await tasks.refused(owner, createProject, input)).toBe(expected);
  });
});
