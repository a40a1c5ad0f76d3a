import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { incompatibilities, type JsonSchema } from './incompatibilities.ts';

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' }) as JsonSchema;
const compare = (published: z.ZodType, next: z.ZodType) => incompatibilities(schemaOf(published), schemaOf(next));

const text = z.string();
const task = z.object({ id: z.uuid(), title: text });
const tree = (of: z.ZodType) => z.object({ task: z.object({ tags: z.array(z.object({ name: of })) }) });

describe('a published version may', () => {
  const allowed: [string, z.ZodType, z.ZodType][] = [
    ['stay as it is', task, task],
    ['get an optional field', task, task.extend({ note: text.optional() })],
    ['get a field with a default', task, task.extend({ status: z.enum(['A', 'B']).default('A') })],
    ['get an optional object with required fields', task, task.extend({ due: z.object({ at: text }).optional() })],
    [
      'get an optional field in a nested object',
      z.object({ task }),
      z.object({ task: task.extend({ n: text.optional() }) }),
    ],
    ['get an optional field in the objects of a list', z.array(task), z.array(task.extend({ n: text.optional() }))],
    [
      'get an optional field in the objects of a map',
      z.record(text, task),
      z.record(text, task.extend({ n: text.optional() })),
    ],
    [
      'get an optional field in an alternative',
      z.union([task, text]),
      z.union([text, task.extend({ n: text.optional() })]),
    ],
    ['have its fields in another order', task, z.object({ title: text, id: z.uuid() })],
    ['have the values of an enum in another order', z.enum(['A', 'B']), z.enum(['B', 'A'])],
    ['get a description', task, task.extend({ title: text.describe('What to do') })],
    ['stop refusing fields that it does not know', z.strictObject({ a: text }), z.object({ a: text })],
  ];
  it.each(allowed)('%s', (_what, published, next) => {
    expect(compare(published, next)).toEqual([]);
  });

  it('be rendered with another pattern for the same format', () => {
    const [before, after] = ['^a$', '^b$'].map((pattern) => ({ type: 'string', format: 'uuid', pattern }));
    expect(incompatibilities(before as JsonSchema, after as JsonSchema)).toEqual([]);
  });
});

describe('a published version may not', () => {
  const refused: [string, z.ZodType, z.ZodType, string | RegExp][] = [
    ['lose a required field', task, z.object({ id: z.uuid() }), 'data.title is gone'],
    ['lose an optional field', z.object({ a: text.optional() }), z.object({}), 'data.a is gone'],
    ['rename a field', z.object({ a: text }), z.object({ b: text }), /data\.b is new and required/],
    ['get a required field', task, task.extend({ note: text }), /data\.note is new and required: data in the stream/],
    ['make an optional field required', z.object({ a: text.optional() }), z.object({ a: text }), /was optional/],
    ['make a required field optional', z.object({ a: text }), z.object({ a: text.optional() }), /was required/],
    [
      'make a required field one with a default',
      z.object({ a: text }),
      z.object({ a: text.default('') }),
      /was required/,
    ],
    [
      'change a type',
      z.object({ a: text }),
      z.object({ a: z.number() }),
      'data.a: type changes from "string" to "number"',
    ],
    ['narrow a number to an integer', z.object({ a: z.number() }), z.object({ a: z.int() }), /data\.a: type changes/],
    ['widen an integer to a number', z.object({ a: z.int() }), z.object({ a: z.number() }), /data\.a: type changes/],
    ['widen an enum', z.enum(['A']), z.enum(['A', 'B']), 'data: "B" is new: running consumers refuse it'],
    ['narrow an enum', z.enum(['A', 'B']), z.enum(['A']), 'data: "B" is gone: data in the stream may hold it'],
    ['change an enum both ways', z.enum(['A', 'B']), z.enum(['A', 'C']), /"C" is new.*; "B" is gone/],
    ['change a constant', z.literal('a'), z.literal('b'), /const changes/],
    ['become nullable', z.object({ a: text }), z.object({ a: text.nullable() }), /data\.a/],
    ['stop being nullable', z.object({ a: text.nullable() }), z.object({ a: text }), /data\.a/],
    ['let an alternative become null', z.union([text, task]), z.union([text, task, z.null()]), /may be null now/],
    ['lose null as an alternative', z.union([text, task, z.null()]), z.union([text, task]), /could be null/],
    ['get an alternative', z.union([text, task]), z.union([text, task, z.array(text)]), /other alternatives/],
    ['lose an alternative', z.union([text, task, z.array(text)]), z.union([text, task]), /other alternatives/],
    [
      'change one alternative',
      z.union([text, task]),
      z.union([text, task.extend({ n: text })]),
      /data\.n is new and req/,
    ],
    ['change deep inside', tree(text), tree(z.number()), /^data\.task\.tags\[\]\.name: type changes/],
    ['change the items of a list', z.array(text), z.array(z.number()), /data\[\]: type changes/],
    ['turn a value into a list', z.object({ a: text }), z.object({ a: z.array(text) }), /data\.a/],
    ['change the length of a tuple', z.tuple([text]), z.tuple([text, text]), /2 places instead of 1/],
    ['change a place of a tuple', z.tuple([text, text]), z.tuple([text, z.number()]), /data\[1\]: type changes/],
    ['change the values of a map', z.record(text, text), z.record(text, z.number()), /data\.\*: type changes/],
    ['turn an object into a map', z.object({ a: text }), z.record(text, text), /other fields/],
    ['get a format', text, z.uuid(), /format changes from nothing to "uuid"/],
    ['lose a format', z.uuid(), text, /format changes from "uuid" to nothing/],
    ['change a format', z.uuid(), z.email(), /format changes from "uuid" to "email"/],
    ['get a stricter limit', text.max(9), text.max(5), 'data: maxLength changes from 9 to 5'],
    ['get a looser limit', text.max(5), text.max(9), /maxLength/],
    ['lose a limit', text.max(5), text, /maxLength changes from 5 to nothing/],
    ['change a pattern', text.regex(/^a/), text.regex(/^b/), /pattern/],
    ['change a default', z.object({ a: text.default('x') }), z.object({ a: text.default('y') }), /data\.a: default/],
    ['refuse fields that it does not know', z.object({ a: text }), z.strictObject({ a: text }), /other fields/],
    [
      'get a field where running consumers refuse it',
      z.strictObject({}),
      z.object({ a: text.optional() }),
      /running consumers refuse fields/,
    ],
    [
      'get a field where it would have been an entry',
      z.record(text, text),
      z.object({ a: z.number().optional() }),
      /running consumers refuse fields|other fields/,
    ],
  ];
  it.each(refused)('%s', (_what, published, next, problem) => {
    const found = compare(published, next);
    expect(found.join('\n')).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  it('change a schema that it refers to', () => {
    const list = (value: z.ZodType) => {
      const node = z.object({
        value,
        get next(): z.ZodType {
          return node.optional();
        },
      });
      return z.object({ list: node });
    };
    expect(compare(list(text), list(text))).toEqual([]);
    expect(compare(list(text), list(z.number())).join()).toMatch(/value: type changes/);
  });
});

it('all problems are named, each with its place', () => {
  expect(
    compare(z.object({ a: text, b: z.object({ c: text }) }), z.object({ b: z.object({ c: z.int() }), d: text })),
  ).toEqual([
    'data.a is gone',
    expect.stringMatching(/^data\.b\.c: type changes/),
    expect.stringMatching(/^data\.b\.c: minimum/),
    expect.stringMatching(/^data\.b\.c: maximum/),
    'data.d is new and required: data in the stream lacks it',
  ]);
});
