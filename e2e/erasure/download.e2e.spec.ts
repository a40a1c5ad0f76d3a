import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createTask, type Person, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(180_000);

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
beforeAll(async () => {
  system = await startTestSystem();
  team = await startTeam(system);
});
afterAll(() => system?.remove());

const link = async (person: Person) => {
  const { createDownloadLink } = await person.ask('mutation { createDownloadLink { path expiresAt } }');
  return new URL(createDownloadLink.path, system.urls.graphql);
};

describe("a member's own data", () => {
  it('is a file with all that there is of them, and nothing secret', async () => {
    const { ada, grace, workspaceId, projectId } = team;
    await grace.ask(
      'mutation { updateProfile(input: { locale: "de-CH", timeZone: "Europe/Zurich" }) { user { id } } }',
    );
    await grace.ask('mutation { createPersonalToken(input: { name: "CI", scope: READ }) { token } }');
    const own = await createTask(grace, { projectId, title: 'Mine' });
    const given = await createTask(ada, { projectId, title: 'To do', assigneeId: grace.id });
    await createTask(ada, { projectId, title: 'Not hers' });
    const add = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
    await grace.ask(add, { input: { taskId: given.id, body: 'On it' } });
    await ada.ask(add, { input: { taskId: given.id, body: 'Not hers' } });
    await waitFor(async () => (await grace.ask('{ unreadNotificationCount }')).unreadNotificationCount >= 1, {
      timeoutMs: 30_000,
    });

    const response = await fetch(await link(grace));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="taskgraph-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(text).not.toMatch(/hash|argon2|Not hers/i);
    const data = JSON.parse(text);
    expect(data).toEqual({
      format: 'taskgraph-personal-data',
      version: 1,
      createdAt: expect.any(String),
      profile: expect.objectContaining({
        id: grace.id,
        email: grace.email,
        name: 'Grace',
        locale: 'de-CH',
        hasPassword: true,
      }),
      identities: [],
      sessions: [expect.objectContaining({ device: expect.any(String), ip: '127.0.0.1', endedAt: null })],
      personalTokens: [expect.objectContaining({ name: 'CI', scope: 'READ' })],
      memberships: [{ workspaceId, workspaceName: 'Engines', role: 'MEMBER', joinedAt: expect.any(String) }],
      invitationsReceived: [],
      invitationsMade: [],
      auditLog: [],
      projects: [],
      tasks: [
        expect.objectContaining({ id: own.id, title: 'Mine' }),
        expect.objectContaining({ id: given.id, title: 'To do', assigneeId: grace.id }),
      ],
      comments: [expect.objectContaining({ body: 'On it', taskId: given.id })],
      notifications: expect.arrayContaining([
        expect.objectContaining({ title: `Ada assigned ${given.key} To do to you` }),
      ]),
    });
  });

  it('is for nobody without the link, and none when the session has ended', async () => {
    const { ada, mallory } = team;
    const theirs = await link(mallory);
    const codeOf = async (url: URL) => {
      const response = await fetch(url);
      return response.status === 200 ? 200 : (await response.json()).errors[0].extensions.code;
    };
    expect(await codeOf(theirs)).toBe(200);
    const changed = new URL(theirs);
    changed.searchParams.set('token', `B${theirs.searchParams.get('token')?.slice(1)}`);
    expect(await codeOf(changed)).toBe('LINK_INVALID');
    expect(await codeOf(new URL('/auth/download', theirs))).toBe('BAD_USER_INPUT');
    const embedded = await fetch(theirs, { headers: { 'sec-fetch-dest': 'script' } });
    expect(embedded.status).toBe(403);
    await mallory.ask('mutation { logout { sessionId } }');
    expect(await codeOf(theirs)).toBe('LINK_INVALID');

    const gone = await link(ada);
    await system.stopService('comments');
    expect(await codeOf(gone)).toBe('SERVICE_UNAVAILABLE');
    await system.startService('comments');
    expect(await codeOf(gone)).toBe(200);
  });
});
