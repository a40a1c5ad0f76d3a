import { describe, expect, it } from '@jest/globals';
import { type Changes, editTask, requireSound, type TaskEdit } from './editTask.ts';
import type { Task } from './task.ts';

const now = new Date('2026-11-20T09:30:00.000Z');
const task = (fields: Partial<Task>): Task => ({
  id: 't',
  workspaceId: 'w',
  projectId: 'p',
  number: 1,
  title: 'A',
  description: '',
  status: 'TODO',
  priority: 'NONE',
  creatorId: 'c',
  assigneeId: null,
  start: null,
  due: null,
  estimate: null,
  version: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...fields,
});

/** given the task and what changed since the client saw it; when the client edits; then … */
const given = (current: Partial<Task>, since: Changes[] = []) => ({
  when:
    (edit: TaskEdit, seen = task(current).version - since.length) =>
    () =>
      editTask(task(current), seen, edit, since, now),
});
const titled = (from: string, to: string): Changes => ({ title: { from, to } });
const moved = (from: string, to: string): Changes => ({ status: { from, to } });

describe('editing a task that nobody else has changed', () => {
  it('sets the fields, raises the version and says what changed', () => {
    expect(given({}).when({ title: 'B', status: 'DONE' })()).toEqual({
      outcome: 'changed',
      task: task({ title: 'B', status: 'DONE', version: 2, updatedAt: now }),
      changes: { title: { from: 'A', to: 'B' }, status: { from: 'TODO', to: 'DONE' } },
    });
  });

  it('leaves out what stays the same', () => {
    expect(given({}).when({ title: 'A', status: 'DONE' })()).toMatchObject({ changes: moved('TODO', 'DONE') });
  });

  it.each<[string, TaskEdit]>([
    ['the values that are there', { title: 'A', status: 'TODO' }],
    ['nothing', {}],
  ])('changes nothing for %s', (_name, edit) => {
    expect(given({}).when(edit)()).toEqual({ outcome: 'unchanged', task: task({}) });
  });
});

describe('editing a task that somebody else has changed', () => {
  it('merges edits of different fields', () => {
    const { when } = given({ title: 'B', version: 2 }, [titled('A', 'B')]);
    expect(when({ status: 'DONE' })()).toMatchObject({
      outcome: 'changed',
      task: { title: 'B', status: 'DONE', version: 3 },
      changes: moved('TODO', 'DONE'),
    });
  });

  it('is a conflict where both changed a field, with the value that the client saw', () => {
    const { when } = given({ title: 'C', version: 3 }, [titled('A', 'B'), titled('B', 'C')]);
    expect(when({ title: 'D' })()).toEqual({
      outcome: 'conflict',
      task: task({ title: 'C', version: 3 }),
      conflicts: [{ field: 'title', base: 'A', theirs: 'C', yours: 'D' }],
    });
  });

  it('changes nothing at all when one of two fields is in conflict', () => {
    const { when } = given({ title: 'B', version: 2 }, [titled('A', 'B')]);
    expect(when({ title: 'C', status: 'DONE' })()).toMatchObject({
      outcome: 'conflict',
      task: { status: 'TODO', version: 2 },
      conflicts: [{ field: 'title' }],
    });
  });

  it('is no conflict when both made the same change', () => {
    const { when } = given({ title: 'B', version: 2 }, [titled('A', 'B')]);
    expect(when({ title: 'B' })()).toMatchObject({ outcome: 'unchanged' });
  });

  it('takes a value that the client saw for no edit: a form that sends every field overwrites nobody', () => {
    const { when } = given({ title: 'B', version: 2 }, [titled('A', 'B')]);
    expect(when({ title: 'A', status: 'DONE' })()).toMatchObject({
      outcome: 'changed',
      task: { title: 'B', status: 'DONE' },
    });
  });

  it('is no conflict when theirs was undone', () => {
    const { when } = given({ title: 'A', version: 3 }, [titled('A', 'B'), titled('B', 'A')]);
    expect(when({ title: 'C' })()).toMatchObject({ outcome: 'changed', task: { title: 'C', version: 4 } });
  });
});

describe('the version that the client saw', () => {
  it.each([0, -1, 4])('is refused when the task never had it: %d', (seen) => {
    expect(given({ version: 3 }).when({ title: 'B' }, seen)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        extensions: expect.objectContaining({ fields: [{ path: ['input', 'version'], message: expect.any(String) }] }),
      }),
    );
  });
});

describe('editing a task whose version the client saw is lost', () => {
  const decide = (edit: TaskEdit) => editTask(task({ version: 9, title: 'A' }), 4, edit, null, now);

  it('is a conflict, with nothing for the base, since nobody knows what the client changed', () => {
    expect(decide({ title: 'B', status: 'TODO' })).toMatchObject({
      outcome: 'conflict',
      conflicts: [{ field: 'title', base: null, theirs: 'A', yours: 'B' }],
    });
  });

  it('has nothing to do where the value is the current one', () => {
    expect(decide({ title: 'A' })).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('editing a date', () => {
  const on = (date: string) => ({ date, at: null, timeZone: null });
  /** As it comes out of the event table, where keys have another order. */
  const stored = (date: string) => ({ at: null, date, timeZone: null });

  it('compares what it says', () => {
    const same = given({ due: stored('2026-11-20') }).when({ due: on('2026-11-20') });
    expect(same()).toMatchObject({ outcome: 'unchanged' });
    const { when } = given({ due: on('2026-11-21'), version: 2 }, [
      { due: { from: stored('2026-11-20'), to: stored('2026-11-21') } },
    ]);
    // A form that sends what it saw.
    expect(when({ due: on('2026-11-20'), title: 'B' })()).toMatchObject({ changes: titled('A', 'B') });
    expect(when({ due: on('2026-11-22') })()).toMatchObject({ outcome: 'conflict', conflicts: [{ field: 'due' }] });
    expect(when({ due: null })()).toMatchObject({ outcome: 'conflict', conflicts: [{ yours: null }] });
  });
});

describe('an edit that goes through', () => {
  const on = (date: string) => ({ date, at: null, timeZone: null });
  const refusedAt = (...paths: string[]) =>
    expect.objectContaining({
      extensions: expect.objectContaining({
        fields: paths.map((path) => ({ path: ['input', path], message: expect.any(String) })),
      }),
    });
  const change = { from: null, to: 'x' };

  it('gives the task to a member only, and to nobody', () => {
    const changes = { assigneeId: change };
    expect(() => requireSound({ task: task({ assigneeId: 'a' }), changes }, 'GUEST')).not.toThrow();
    expect(() => requireSound({ task: task({ assigneeId: null }), changes }, null)).not.toThrow();
    expect(() => requireSound({ task: task({ assigneeId: 'a' }), changes }, null)).toThrow(refusedAt('assigneeId'));
    // Somebody who was removed keeps what they had.
    expect(() => requireSound({ task: task({ assigneeId: 'a' }), changes: {} }, null)).not.toThrow();
  });

  it('leaves the start no later than the due date, also when that is somebody else’s edit', () => {
    const reversed = task({ start: on('2026-11-21'), due: on('2026-11-20') });
    expect(() => requireSound({ task: reversed, changes: { start: change } }, null)).toThrow(refusedAt('start'));
    expect(() => requireSound({ task: reversed, changes: { due: change, start: change } }, null)).toThrow(
      refusedAt('start', 'due'),
    );
    expect(() => requireSound({ task: reversed, changes: { title: change } }, null)).not.toThrow();
  });
});
