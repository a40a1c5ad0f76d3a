import { describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { commentActivity, taskActivity } from './activity.ts';

const [workspaceId, projectId, taskId, actorId] = [newId(), newId(), newId(), newId()];
const time = new Date('2026-11-20T09:00:00Z');
const event = { id: newId(), type: 't', aggregateId: taskId, version: 1, time, actorId, traceparent: null };
const names = { key: 'WEB-42', title: 'Fix the header' };
const task = {
  ...{ id: taskId, workspaceId, projectId, ...names, status: 'TODO' as const },
  ...{ creatorId: actorId, assigneeId: null },
  ...{ priority: 'NONE' as const, start: null, due: null, estimate: null, description: '' },
};
const common = { eventId: event.id, workspaceId, taskId, actorId, occurredAt: time };

describe('an activity', () => {
  it('of a project is the creation of a task in it', () => {
    expect(taskActivity({ ...event, data: { task } })).toEqual({
      ...{ ...common, subject: 'PROJECT', subjectId: projectId, kind: 'TASK_CREATED' },
      ...{ commentId: null, changedFields: [] },
    });
  });

  it('of a project is a change of a task in it, with the fields as the API names them', () => {
    const changed = ['title', 'assigneeId', 'projectId', 'id', 'status'];
    expect(taskActivity({ ...event, data: { task, changed } })).toMatchObject({
      ...{ subject: 'PROJECT', subjectId: projectId, kind: 'TASK_UPDATED' },
      changedFields: ['title', 'assignee', 'project', 'id', 'status'],
    });
  });

  it('of a task is a comment on it', () => {
    const comment = { id: newId(), workspaceId, taskId, authorId: actorId, body: 'Done?' };
    const data = { comment, task: { ...names, creatorId: actorId, assigneeId: null } };
    expect(commentActivity({ ...event, data })).toEqual({
      ...{ ...common, subject: 'TASK', subjectId: taskId, kind: 'COMMENT_ADDED' },
      ...{ commentId: comment.id, changedFields: [] },
    });
  });
});
