import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkspaceChanged, WorkspaceCreated } from '#events/users.ts';
import { newId } from '#platform/ids.ts';
import { startPublisher, testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, person, startFixture } from './fixture.ts';

const createProject = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
const createTask = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
const updateTask = 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }';
const read = `query ($id: ID!) { task(id: $id) {
  title viewerCanUpdate project { viewerCanCreateTasks workspace { viewerCanCreateProjects } }
} }`;

const scope = testScope();
let tasks: Fixture;
let publisher: ReturnType<typeof startPublisher>;

beforeAll(async () => {
  tasks = await startFixture(scope);
  publisher = startPublisher(scope, tasks.nats.url);
});

/** A workspace with a project, a task and two members. */
async function newTeam() {
  const [owner, guest] = [person(), person()];
  const workspaceId = await tasks.members(newId(), { [owner.userId]: 'OWNER', [guest.userId]: 'GUEST' });
  const projectId = await tasks.project(owner, workspaceId);
  return { owner, guest, workspaceId, projectId, taskId: await tasks.task(owner, projectId) };
}

type Team = Awaited<ReturnType<typeof newTeam>>;

/** What becomes of each write. */
async function writes(team: Team, viewer = team.owner) {
  const { workspaceId, projectId, taskId: id } = team;
  return [
    await tasks.refused(viewer, createProject, { workspaceId, key: 'API', name: 'Api' }),
    await tasks.refused(viewer, createTask, { projectId, title: 'B' }),
    await tasks.refused(viewer, updateTask, { id, version: 1, title: 'B' }),
  ];
}

const times = (code: string) => [code, code, code];

describe('an archived workspace', () => {
  it('is read, and nothing in it is created or changed, not even by its owners', async () => {
    const team = await newTeam();
    await tasks.archive(team.workspaceId);
    expect(await writes(team)).toEqual(times('WORKSPACE_ARCHIVED'));
    const { data } = await tasks.call(team.owner, read, { id: team.taskId });
    expect(data.task).toEqual({
      title: 'A',
      viewerCanUpdate: false,
      project: { viewerCanCreateTasks: false, workspace: { viewerCanCreateProjects: false } },
    });
  });

  it('tells guests and strangers what they are told of any', async () => {
    const team = await newTeam();
    await tasks.archive(team.workspaceId);
    expect(await writes(team, team.guest)).toEqual(times('FORBIDDEN'));
    expect(await writes(team, person())).toEqual(times('NOT_FOUND'));
  });

  it('answers a retry of what was created before with that', async () => {
    const team = await newTeam();
    const input = { id: newId(), projectId: team.projectId, title: 'Once' };
    await tasks.call(team.owner, createTask, { input });
    await tasks.archive(team.workspaceId);
    expect((await tasks.call(team.owner, createTask, { input })).data.createTask.task.id).toBe(input.id);
  });

  it('is written to again once it was restored', async () => {
    const team = await newTeam();
    await tasks.archive(team.workspaceId);
    await tasks.archive(team.workspaceId, false);
    await tasks.task(team.owner, team.projectId);
  });
});

describe('the projection of workspaces', () => {
  const kept = async (id: string) =>
    (await tasks.pool.query('select archived, version from workspace where id = $1', [id])).rows[0];

  it('follows the events, in whatever order they arrive', async () => {
    const id = newId();
    const fact = (version: number) => ({ aggregateId: id, version, actorId: null });
    const changed = (archived: boolean) => ({ workspace: { id, name: 'Acme', archived } });
    await publisher.publish(WorkspaceChanged, { ...fact(3), data: changed(true) });
    await publisher.publish(WorkspaceChanged, { ...fact(2), data: changed(false) });
    await publisher.publish(WorkspaceCreated, { ...fact(1), data: { workspace: { id, name: 'Acme' } } });
    await waitFor(async () => {
      const sql = `select count(*)::int as handled from backbone.inbox where consumer = 'tasks-on-workspace-changed'`;
      return (await tasks.pool.query(sql)).rows[0].handled >= 3;
    });
    expect(await kept(id)).toEqual({ archived: true, version: 3 });
  });

  it('lacks one: users is asked, once', async () => {
    const owner = person();
    const workspaceId = newId();
    tasks.users.knows({ workspaceId, userId: owner.userId, role: 'OWNER', version: 1 });
    tasks.users.changesWorkspace(workspaceId, true);
    const input = { workspaceId, key: 'WEB', name: 'Web' };
    for (let time = 0; time < 2; time += 1)
      expect(await tasks.refused(owner, createProject, input)).toBe('WORKSPACE_ARCHIVED');
    expect(await kept(workspaceId)).toEqual({ archived: true, version: 2 });
    expect(tasks.users.askedAbout(workspaceId)).toBe(1);
  });
});

// Last: it takes NATS away.
describe('while events do not come through', () => {
  it('users is asked: what was archived meanwhile is not written to', async () => {
    const team = await newTeam();
    await tasks.nats.kill();
    tasks.users.changesWorkspace(team.workspaceId, true);
    await waitFor(async () => {
      const { errors } = await tasks.call(team.owner, createTask, { input: { projectId: team.projectId, title: 'B' } });
      return errors?.[0]?.extensions.code === 'WORKSPACE_ARCHIVED';
    });
    expect(await writes(team)).toEqual(times('WORKSPACE_ARCHIVED'));
    tasks.users.changesWorkspace(team.workspaceId, false);
    await tasks.task(team.owner, team.projectId);
    await tasks.users.stop();
    expect(await writes(team)).toEqual(times('SERVICE_UNAVAILABLE'));
  });
});
