import { describe, expect, it } from '@jest/globals';
import { toldOfAssignment, toldOfComment } from './recipients.ts';

const [ada, grace, linus] = ['ada', 'grace', 'linus'] as [string, string, string];
const task = (assigneeId: string | null) => ({
  id: 't',
  workspaceId: 'w',
  projectId: 'p',
  key: 'WEB-1',
  title: 'Fix',
  status: 'TODO' as const,
  creatorId: ada,
  assigneeId,
  ...{ priority: 'NONE' as const, start: null, due: null, estimate: null, description: '' },
});

describe('toldOfAssignment', () => {
  it.each([
    ['a task created for somebody else', ada, grace, undefined, [grace]],
    ['a task created for oneself', ada, ada, undefined, []],
    ['a task created for nobody', ada, null, undefined, []],
    ['a task that the system created', null, grace, undefined, [grace]],
    ['an update that assigns', ada, grace, ['title', 'assigneeId'], [grace]],
    ['an update that leaves the assignee', ada, grace, ['title'], []],
    ['an update that takes the assignee away', ada, null, ['assigneeId'], []],
    ['an update with which somebody takes the task', grace, grace, ['assigneeId'], []],
  ])('of %s', (_name, actorId, assigneeId, changed, told) => {
    const data = changed ? { task: task(assigneeId), changed } : { task: task(assigneeId) };
    expect(toldOfAssignment({ actorId, data })).toEqual(told);
  });
});

describe('toldOfComment', () => {
  it.each([
    ['a third person', linus, ada, grace, [grace, ada]],
    ['the creator', ada, ada, grace, [grace]],
    ['the assignee', grace, ada, grace, [ada]],
    ['a third person, where creator and assignee are one', linus, ada, ada, [ada]],
    ['the creator, who is also the assignee', ada, ada, ada, []],
    ['a third person, where nobody is assigned', linus, ada, null, [ada]],
  ])('by %s', (_name, authorId, creatorId, assigneeId, told) => {
    const comment = { id: 'c', workspaceId: 'w', taskId: 't', authorId, body: 'Hello' };
    expect(toldOfComment({ comment, task: { key: 'WEB-1', title: 'Fix', creatorId, assigneeId } })).toEqual(told);
  });
});
