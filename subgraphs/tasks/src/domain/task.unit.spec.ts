import { describe, expect, it } from '@jest/globals';
import type { Role } from './policy.ts';
import { newProject, type Project } from './project.ts';
import { describedState, descriptionSchema, draftTask, type TaskDetails, taskKey, taskState } from './task.ts';

const now = new Date('2026-11-20T09:30:00.000Z');
const project: Project = {
  id: 'p',
  workspaceId: 'w',
  key: 'WEB',
  name: 'Web',
  creatorId: 'c',
  version: 1,
  createdAt: now,
};
const details: TaskDetails = {
  title: 'A',
  description: '*B*',
  status: 'TODO',
  priority: 'HIGH',
  start: null,
  due: null,
  estimate: 3,
};
const refusal = (code: string) => expect.objectContaining({ code });
const draft = (role: Role | null, assignee: { id: string; role: Role | null } | null = null, archived = false) =>
  draftTask({ id: 't', project, details, creatorId: 'c', role, archived, assignee, now });

describe('a new task', () => {
  it.each<Role>(['OWNER', 'ADMIN', 'MEMBER'])('is drafted by a member of the project: %s', (role) => {
    expect(draft(role)).toEqual({
      id: 't',
      workspaceId: 'w',
      projectId: 'p',
      ...details,
      creatorId: 'c',
      assigneeId: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
  });

  it('is FORBIDDEN for guests and NOT_FOUND for strangers', () => {
    expect(() => draft('GUEST')).toThrow(refusal('FORBIDDEN'));
    expect(() => draft(null)).toThrow(refusal('NOT_FOUND'));
  });

  it('is WORKSPACE_ARCHIVED in an archived workspace, for those who might otherwise', () => {
    expect(() => draft('OWNER', null, true)).toThrow(refusal('WORKSPACE_ARCHIVED'));
    expect(() => draft('GUEST', null, true)).toThrow(refusal('FORBIDDEN'));
    expect(() => draft(null, null, true)).toThrow(refusal('NOT_FOUND'));
  });

  it('goes to a member, guests among them, and to nobody else', () => {
    expect(draft('MEMBER', { id: 'a', role: 'GUEST' }).assigneeId).toBe('a');
    expect(() => draft('MEMBER', { id: 'a', role: null })).toThrow(refusal('BAD_USER_INPUT'));
  });

  it('begins no later than it is due', () => {
    const on = (date: string) => ({ date, at: null, timeZone: null });
    const from = (start: string, due: string) => () =>
      draftTask({
        ...{ id: 't', project, details: { ...details, start: on(start), due: on(due) }, creatorId: 'c' },
        ...{ role: 'MEMBER' as const, archived: false, assignee: null, now },
      });
    expect(from('2026-11-20', '2026-11-20')).not.toThrow();
    expect(from('2026-11-21', '2026-11-20')).toThrow(refusal('BAD_USER_INPUT'));
  });

  it("tells strangers nothing about the assignee's membership", () => {
    expect(() => draft(null, { id: 'a', role: null })).toThrow(refusal('NOT_FOUND'));
  });
});

describe('a new project', () => {
  const input = { id: 'p', workspaceId: 'w', key: 'WEB', name: 'Web', creatorId: 'c', archived: false, now };

  it('is FORBIDDEN for guests and NOT_FOUND for strangers', () => {
    expect(newProject({ ...input, role: 'MEMBER' })).toEqual(project);
    expect(() => newProject({ ...input, role: 'GUEST' })).toThrow(refusal('FORBIDDEN'));
    expect(() => newProject({ ...input, role: null })).toThrow(refusal('NOT_FOUND'));
    expect(() => newProject({ ...input, role: 'OWNER', archived: true })).toThrow(refusal('WORKSPACE_ARCHIVED'));
  });
});

describe('how a task is called', () => {
  it('is its project and its number in it', () => {
    expect(taskKey(project, { number: 42 })).toBe('WEB-42');
    const { description, ...rest } = details;
    const state = {
      id: 't',
      workspaceId: 'w',
      projectId: 'p',
      key: 'WEB-42',
      ...rest,
      creatorId: 'c',
      assigneeId: null,
    };
    const task = { ...draft('OWNER'), number: 42 };
    expect(taskState(project, task)).toEqual(state);
    expect(describedState(project, task)).toEqual({ ...state, description });
  });
});

describe('a description', () => {
  it.each([
    ['Markdown, as it is', ' # A\n\n<b>', ' # A\n\n<b>'],
    ['nothing but white space as none', ' \n', ''],
    ['none', '', ''],
    ['as many characters as there may be', '🔑'.repeat(50_000), '🔑'.repeat(50_000)],
  ])('is taken: %s', (_name, text, kept) => {
    expect(descriptionSchema.parse(text)).toBe(kept);
  });

  it.each([
    ['too many characters', 'x'.repeat(50_001)],
    ['NUL', 'a\0'],
    ['half a character', 'a\ud800'],
  ])('is refused: %s', (_name, text) => {
    expect(descriptionSchema.safeParse(text).success).toBe(false);
  });
});
