import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, person, startFixture } from './fixture.ts';

const createTask = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task {
  id key number title status version creator { id } assignee { id } project { id } createdAt updatedAt viewerCanUpdate
} } }`;
const createProject = `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }`;

const scope = testScope();
const [owner, member, guest] = [person(), person(), person()];
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
  const { data } = await tasks.call(owner, createProject, { input: { workspaceId, key: 'WEB', name: 'Web' } });
  projectId = data.createProject.project.id;
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
      viewerCanUpdate: true,
    });
    expect(task.createdAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(await tasks.events(task.id)).toEqual([
      {
        type: 'tasks.task.created.v1',
        version: 1,
        actor_id: owner.userId,
        changes: {},
        data: {
          task: {
            id: task.id,
            workspaceId,
            projectId,
            key: 'WEB-1',
            title: 'Fix the header',
            status: 'TODO',
            creatorId: owner.userId,
            assigneeId: member.userId,
          },
        },
      },
    ]);
  });
});
