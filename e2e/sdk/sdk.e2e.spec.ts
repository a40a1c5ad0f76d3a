import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { waitFor } from '#platform/testing/waitFor.ts';
import {
  AddCommentDocument,
  AddMemberDocument,
  CreateProjectDocument,
  CreateTaskDocument,
  CreateWorkspaceDocument,
  createClient,
  LoginDocument,
  MarkNotificationReadDocument,
  MeDocument,
  MyWorkspacesDocument,
  NotificationReceivedDocument,
  NotificationsDocument,
  newId,
  ProjectTasksDocument,
  RegisterDocument,
  TaskCommentsDocument,
  TaskDocument,
  UpdateTaskDocument,
  WorkspaceMembersDocument,
  WorkspaceProjectsDocument,
} from '../../sdk/src/index.ts';
import { verifyAddress } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system?.remove());

const password = 'correct horse battery';

/** A client for each of two people, as a front end would make them. */
async function signUp(name: string) {
  const anonymous = createClient({ url: system.urls.graphql });
  const email = `${name.toLowerCase()}@sdk.example.com`;
  const { register } = await anonymous.mutate(RegisterDocument, { input: { id: newId(), email, password, name } });
  await verifyAddress(system, email);
  const { login } = await anonymous.mutate(LoginDocument, { input: { email, password } });
  const client = createClient({ url: system.urls.graphql, token: () => login.accessToken, webSocket: WebSocket });
  return { id: register.user.id, email, client };
}

it('serves a front end from signing up to a notification, by its own documents alone', async () => {
  const [ada, grace] = await Promise.all([signUp('Ada'), signUp('Grace')]);
  expect((await ada.client.query(MeDocument)).me).toMatchObject({ id: ada.id, email: ada.email });

  const { createWorkspace } = await ada.client.mutate(CreateWorkspaceDocument, { input: { name: 'Lab' } });
  const workspaceId = createWorkspace.workspace.id;
  expect(createWorkspace.workspace).toMatchObject({ viewerRole: 'OWNER', viewerCanCreateProjects: true });
  await ada.client.mutate(AddMemberDocument, { input: { workspaceId, email: grace.email } });
  const { createProject } = await ada.client.mutate(CreateProjectDocument, {
    input: { workspaceId, key: 'LAB', name: 'Laboratory' },
  });
  const projectId = createProject.project.id;

  expect(await grace.client.query(NotificationsDocument)).toMatchObject({ unreadNotificationCount: 0 });
  const events = grace.client.subscribe(NotificationReceivedDocument);
  const first = events.next();
  // Without a cursor a subscription begins where it is when it stands: once it listens to Redis.
  const redis = new Redis(system.urls.redis);
  await waitFor(async () => ((await redis.pubsub('CHANNELS', `live:*${grace.id}`)) as string[]).length > 0);
  redis.disconnect();
  const input = { id: newId(), projectId, title: 'Mix it', assigneeId: grace.id };
  const once = await ada.client.mutate(CreateTaskDocument, { input });
  expect(await ada.client.mutate(CreateTaskDocument, { input })).toEqual(once);
  const taskId = once.createTask.task.id;
  const { notificationReceived } = (await first).value;
  expect(notificationReceived.notification).toMatchObject({ kind: 'TASK_ASSIGNED', actor: { id: ada.id } });
  await events.return?.();

  const { task } = await grace.client.query(TaskDocument, { id: taskId });
  expect(task).toMatchObject({ creator: { name: 'Ada' }, assignee: { name: 'Grace' }, project: { key: 'LAB' } });
  const version = task?.version ?? 0;
  const { updateTask } = await grace.client.mutate(UpdateTaskDocument, {
    input: { id: taskId, version, status: 'DONE' },
  });
  expect(updateTask).toMatchObject({ __typename: 'UpdateTaskPayload', task: { status: 'DONE', version: version + 1 } });
  await grace.client.mutate(AddCommentDocument, { input: { taskId, body: 'Mixed.' } });

  const [comments, tasks, projects, members, workspaces] = await Promise.all([
    ada.client.query(TaskCommentsDocument, { taskId }),
    ada.client.query(ProjectTasksDocument, { projectId, first: 1 }),
    ada.client.query(WorkspaceProjectsDocument, { workspaceId }),
    ada.client.query(WorkspaceMembersDocument, { id: workspaceId }),
    ada.client.query(MyWorkspacesDocument),
  ]);
  expect(comments.task?.comments?.nodes).toMatchObject([{ body: 'Mixed.', author: { name: 'Grace' } }]);
  expect(tasks.project?.tasks.nodes).toMatchObject([{ id: taskId }]);
  expect(projects.workspace?.projects?.nodes).toMatchObject([{ id: projectId }]);
  expect(members.workspace?.members.nodes.map(({ user }) => user.name)).toEqual(['Ada', 'Grace']);
  expect(workspaces.me.workspaces?.nodes).toMatchObject([{ id: workspaceId }]);

  const { notification } = notificationReceived;
  const { markNotificationRead } = await grace.client.mutate(MarkNotificationReadDocument, {
    input: { id: notification.id },
  });
  expect(markNotificationRead.notification.readAt).not.toBeNull();
  await Promise.all([ada.client.close(), grace.client.close()]);
});

it('throws what is wrong, with the code and the fields', async () => {
  const { client } = await signUp('Ida');
  const input = { workspaceId: newId(), key: 'lab', name: '' };
  await expect(client.mutate(CreateProjectDocument, { input })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'key'] }, { path: ['input', 'name'] }],
  });
  await expect(client.query(TaskDocument, { id: newId() })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    data: { task: null },
  });
  const stale = createClient({ url: system.urls.graphql, token: 'not.a.token', webSocket: WebSocket });
  await expect(stale.query(MeDocument)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(stale.subscribe(NotificationReceivedDocument).next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await Promise.all([client.close(), stale.close()]);
});
