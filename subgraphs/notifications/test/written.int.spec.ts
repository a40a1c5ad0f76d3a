import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { testScope } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let notifications: Fixture;
beforeAll(async () => {
  notifications = await startFixture(scope);
});

const answer = z.object({ lists: z.object({ notifications: z.array(z.unknown()) }), after: z.null() });

describe('what somebody was told', () => {
  it('is told again without its words where they are no member any more', async () => {
    const [recipient, left, stays] = [newId(), newId(), newId()];
    for (const [index, workspaceId] of [left, stays].entries())
      await notifications.pool.query(
        `insert into notification (id, recipient_id, sequence, event_id, kind, workspace_id, actor_id, title, created_at)
         values ($1, $2, $3, $4, 'TASK_ASSIGNED', $5, $6, 'Ada assigned WEB-1 Secret to you', now())`,
        [newId(), recipient, index + 1, newId(), workspaceId, newId()],
      );
    const keys = parseCallKeys(undefined, false);
    const client = createGuardedClient({
      url: notifications.service.url,
      caller: 'users',
      callee: 'notifications',
      keys,
    });
    const input = { userId: recipient, workspaceIds: [stays], after: null };
    const { lists } = await client.call('/internal/written', input, answer);
    await client.close();
    expect(lists.notifications).toMatchObject([
      { workspaceId: left, title: null, actorId: null, createdAt: expect.any(String) },
      { workspaceId: stays, title: 'Ada assigned WEB-1 Secret to you', actorId: expect.any(String) },
    ]);
  });
});
