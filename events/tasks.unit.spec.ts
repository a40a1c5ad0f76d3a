import { describe, expect, it } from '@jest/globals';
import { TaskCreated, TaskUpdated } from './tasks.ts';

const id = '0196f6f0-0000-7000-8000-000000000000';

describe('an event about a task', () => {
  it('from before tasks had a description, a priority, dates and an estimate is read as one without', () => {
    const task = {
      ...{ id, workspaceId: id, projectId: id, key: 'WEB-1', title: 'A', status: 'TODO' },
      ...{ creatorId: id, assigneeId: null },
    };
    const read = { ...task, description: '', priority: 'NONE', start: null, due: null, estimate: null };
    expect(TaskCreated.data.parse({ task })).toEqual({ task: read });
    expect(TaskUpdated.data.parse({ task, changed: ['title'] })).toEqual({ task: read, changed: ['title'] });
  });
});
