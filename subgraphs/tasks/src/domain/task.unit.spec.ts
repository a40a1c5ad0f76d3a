import { describe, expect, it } from '@jest/globals';
import type { Role } from './policy.ts';
import { newProject, type Project } from './project.ts';
import { draftTask, taskKey, taskState } from './task.ts';

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
const refusal = (code: string) => expect.objectContaining({ code });
const draft = (role: Role | null, assignee: { id: string; role: Role | null } | null = null, archived = false) =>
  draftTask({ id: 't', project, title: 'A', status: 'TODO', creatorId: 'c', role, archived, assignee, now });

describe('a new task', () => {
  it.each<Role>(['OWNER', 'ADMIN', 'MEMBER'])('is drafted by a member of the project: %s', (role) => {
    expect(draft(role)).toEqual({
      id: 't',
      workspaceId: 'w',
      projectId: 'p',
      title: 'A',
      status: 'TODO',
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
    expect(taskState(project, { ...draft('OWNER'), number: 42 })).toEqual({
      id: 't',
      workspaceId: 'w',
      projectId: 'p',
      key: 'WEB-42',
      title: 'A',
      status: 'TODO',
      creatorId: 'c',
      assigneeId: null,
    });
  });
});
