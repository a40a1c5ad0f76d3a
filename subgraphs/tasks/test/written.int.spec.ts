import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, person, startFixture } from './fixture.ts';

const scope = testScope();
let tasks: Fixture;
beforeAll(async () => {
  tasks = await startFixture(scope);
});

const listed = z.array(z.record(z.string(), z.unknown()));
const answer = z.object({ lists: z.object({ projects: listed, tasks: listed }), after: z.null() });

/** As users asks for somebody who is in these workspaces. */
async function writtenBy(userId: string, workspaceIds: string[]) {
  const keys = parseCallKeys(undefined, false);
  const client = createGuardedClient({ url: tasks.url, caller: 'users', callee: 'tasks', keys });
  try {
    return (await client.call('/internal/written', { userId, workspaceIds, after: null }, answer)).lists;
  } finally {
    await client.close();
  }
}

describe('what somebody made or has to do', () => {
  it('is told with what others write in it as long as they are in the workspace', async () => {
    const [owner, former] = [person(), person()];
    const workspaceId = await tasks.members(newId(), { [owner.userId]: 'OWNER', [former.userId]: 'MEMBER' });
    const projectId = await tasks.project(former, workspaceId);
    const id = await tasks.task(owner, projectId, { title: 'Harmless', assigneeId: former.userId });
    const elsewhere = await tasks.members(newId(), { [former.userId]: 'OWNER' });
    const own = await tasks.task(former, await tasks.project(former, elsewhere, 'OWN'), { title: 'Mine' });
    const before = await writtenBy(former.userId, [workspaceId, elsewhere]);
    expect(before.tasks).toMatchObject([
      { id, title: 'Harmless' },
      { id: own, title: 'Mine' },
    ]);

    const update = 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }';
    const input = { id, version: 1, title: 'Secret merger', description: 'With Initech' };
    expect((await tasks.call(owner, update, { input })).errors).toBeUndefined();
    const after = await writtenBy(former.userId, [elsewhere]);
    const createdAt = expect.any(String);
    expect(after.tasks).toEqual([{ id, workspaceId, projectId, createdAt }, before.tasks[1]]);
    expect(after.projects).toEqual([{ id: projectId, workspaceId, createdAt }, before.projects[1]]);
  });
});
