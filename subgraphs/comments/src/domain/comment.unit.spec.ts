import { describe, expect, it } from '@jest/globals';
import { bodySchema, commentAdded, newComment } from './comment.ts';

const task = {
  id: 't',
  workspaceId: 'w',
  key: 'WEB-1',
  title: 'Fix',
  creatorId: 'ada',
  assigneeId: null,
  version: 7,
};
const now = new Date('2026-11-20T09:30:00.000Z');
const given = { id: 'c', task, authorId: 'grace', body: 'Done', role: 'GUEST', archived: false, now } as const;
const comment = newComment(given);

describe('a new comment', () => {
  it('belongs to the task and its workspace', () => {
    const own = { id: 'c', authorId: 'grace', body: 'Done' };
    expect(comment).toEqual({ ...own, workspaceId: 'w', taskId: 't', version: 1, createdAt: now });
  });

  it('is refused in an archived workspace', () => {
    const refused = expect.objectContaining({ code: 'WORKSPACE_ARCHIVED' });
    expect(() => newComment({ ...given, role: 'OWNER', archived: true })).toThrow(refused);
  });

  it('tells consumers what they need to know of the task, and not its version', () => {
    expect(commentAdded(task, comment)).toEqual({
      comment: { id: 'c', workspaceId: 'w', taskId: 't', authorId: 'grace', body: 'Done' },
      task: { key: 'WEB-1', title: 'Fix', creatorId: 'ada', assigneeId: null },
    });
  });
});

describe('a body', () => {
  it.each([
    ['1 character', '.', true],
    ['10,000 characters', 'x'.repeat(10_000), true],
    ['10,001 characters', 'x'.repeat(10_001), false],
    ['none', '', false],
  ])('of %s', (_name, body, accepted) => expect(bodySchema.safeParse(body).success).toBe(accepted));
});
