import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { activitiesOf, activityCursor } from './activities.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

jest.setTimeout(20_000);

const scope = testScope();
let notifications: Fixture;
let activities: ReturnType<typeof activitiesOf>;
let ada: Account;

beforeAll(async () => {
  notifications = await startFixture(scope, { smtp: false });
  activities = activitiesOf(notifications);
  ada = notifications.account('Ada');
}, 30_000);

/** A project in which this many tasks were created. */
async function projectWith(tasks: number): Promise<string> {
  const project = activities.place();
  for (let task = 0; task < tasks; task++) await activities.change(ada, project);
  await activities.written(project, tasks);
  return project;
}

/** Lets days pass since these were written, and the sweep run, which a start begins with. */
async function age(projectId: string, sequences: number[], days: number): Promise<void> {
  await notifications.pool.query(
    `update activity set recorded_at = recorded_at - make_interval(days => $3)
     where subject_id = $1 and sequence = any($2::int[])`,
    [projectId, sequences, days],
  );
  await notifications.service.stop();
  await notifications.service.start();
}

const sequences = async (projectId: string) => (await activities.rows(projectId)).map((row) => row.sequence);

describe('activities', () => {
  it('are deleted after seven days, from the beginning of the feed on: what is left has no gap', async () => {
    const project = await projectWith(6);
    const other = await projectWith(2);
    // The fourth was written by a process whose clock is behind.
    await age(project, [1, 2, 4], 8);
    await waitFor(async () => (await sequences(project)).length === 2);
    expect(await sequences(project)).toEqual([5, 6]);
    expect(await sequences(other)).toEqual([1, 2]);
  });

  it('are kept for six days', async () => {
    const [project, marker] = [await projectWith(3), await projectWith(1)];
    await notifications.pool.query(
      "update activity set recorded_at = recorded_at - interval '8 days' where subject_id = $1",
      [marker],
    );
    await age(project, [1, 2, 3], 6);
    await waitFor(async () => (await sequences(marker)).length === 0);
    expect(await sequences(project)).toEqual([1, 2, 3]);
  });

  it('that are gone expire the cursors before them; others are good', async () => {
    const project = await projectWith(4);
    await age(project, [1, 2], 8);
    await waitFor(async () => (await sequences(project)).length === 2);
    for (const old of [0, 1]) {
      const { ended, codes, received } = await activities.follow(
        ada,
        project,
        activityCursor('PROJECT', project, String(old)),
      );
      await ended;
      expect([codes, received]).toEqual([['CURSOR_EXPIRED'], []]);
    }
    const { received } = await activities.follow(ada, project, activityCursor('PROJECT', project, '2'));
    await waitFor(() => received.length === 2);
  });

  it('that are all gone leave the last cursor good, and the feed goes on where it was', async () => {
    const project = await projectWith(2);
    await age(project, [1, 2], 8);
    await waitFor(async () => (await sequences(project)).length === 0);
    const expired = await activities.follow(ada, project, activityCursor('PROJECT', project, '1'));
    await expired.ended;
    expect(expired.codes).toEqual(['CURSOR_EXPIRED']);
    const { received } = await activities.follow(ada, project, activityCursor('PROJECT', project, '2'));
    await activities.change(ada, project);
    await waitFor(() => received.length === 1);
    expect(await sequences(project)).toEqual([3]);
  });
});
