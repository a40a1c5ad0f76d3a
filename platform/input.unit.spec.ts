import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Refusal } from './errors.ts';
import { clientIdSchema, idSchema, newId, parseId } from './ids.ts';
import { parseInput } from './input.ts';

function fieldsOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'BAD_USER_INPUT') return error.extensions.fields;
    throw error;
  }
  return undefined;
}

const schema = z.strictObject({
  title: z.string().min(1, 'Must not be empty'),
  labels: z.array(z.string().max(3, 'Too long')).optional(),
});

describe('parseInput', () => {
  it('returns what the schema makes of it', () => {
    expect(parseInput(z.object({ email: z.string().toLowerCase() }), { email: 'ADA@x.org' })).toEqual({
      email: 'ada@x.org',
    });
  });

  it('names every wrong field with its path from the argument on', () => {
    expect(fieldsOf(() => parseInput(schema, { title: '', labels: ['ok', 'long one'] }))).toEqual([
      { path: ['input', 'title'], message: 'Must not be empty' },
      { path: ['input', 'labels', '1'], message: 'Too long' },
    ]);
  });

  it('names unknown fields, even the ones named like those of every object', () => {
    expect(
      fieldsOf(() => parseInput(schema, JSON.parse('{"title":"x","color":1,"__proto__":{"a":1}}'), [])),
    ).toContainEqual({
      path: ['color'],
      message: 'Unknown field',
    });
  });

  it('refuses what is no object', () => {
    expect(fieldsOf(() => parseInput(schema, null))).toMatchObject([{ path: ['input'] }]);
  });

  it('does not repeat a huge value', () => {
    const fields = fieldsOf(() =>
      parseInput(z.object({ title: z.string().max(200) }), { title: 'x'.repeat(2_000_000) }),
    );
    expect(JSON.stringify(fields).length).toBeLessThan(300);
  });
});

describe('ids', () => {
  const v4 = '9C5B94B1-35AD-49BB-B118-8E8FC24ABF80';

  it('are UUIDv7 in the order of their making', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(new Set(ids).size).toBe(1000);
    expect([...ids].sort()).toEqual(ids);
    expect(clientIdSchema.safeParse(ids[0]).success).toBe(true);
  });

  it('are read in lower case', () => {
    expect(parseId(v4)).toBe(v4.toLowerCase());
    expect(idSchema.parse(v4)).toBe(v4.toLowerCase());
  });

  it.each(['', 'task-1', `${v4}0`, `{${v4}}`, 7, null])('refuse %p', (value) => {
    expect(fieldsOf(() => parseId(value, ['taskId']))).toEqual([{ path: ['taskId'], message: 'Must be a UUID' }]);
  });

  it('chosen by a client must be of version 7', () => {
    expect(clientIdSchema.safeParse(v4).success).toBe(false);
  });
});
