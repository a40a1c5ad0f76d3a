import { describe, expect, it } from '@jest/globals';
import { buildSchema, graphqlSync, Kind } from 'graphql';
import { dateTime } from './dateTime.ts';

const read = (value: unknown) => dateTime.parseValue(value).toISOString();

describe('DateTime', () => {
  it.each([
    ['2026-11-20T09:30:00Z', '2026-11-20T09:30:00.000Z'],
    ['2026-11-20T09:30:00.5Z', '2026-11-20T09:30:00.500Z'],
    ['2026-11-20T09:30:00.123456Z', '2026-11-20T09:30:00.123Z'],
    ['2026-11-20t09:30:00z', '2026-11-20T09:30:00.000Z'],
    ['2026-11-20T09:30:00+05:30', '2026-11-20T04:00:00.000Z'],
    ['2026-11-20T23:30:00-01:00', '2026-11-21T00:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
  ])('reads %s', (text, utc) => expect(read(text)).toBe(utc));

  it.each([
    '',
    '2026-11-20',
    '2026-11-20T09:30Z',
    '2026-11-20T09:30:00',
    '2026-11-20 09:30:00Z',
    '2026-11-20T09:30:00+0530',
    '2026-11-20T09:30:00+24:00',
    '2026-11-20T09:30:00.Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T09:60:00Z',
    '2026-12-31T23:59:60Z',
    '+002026-11-20T09:30:00Z',
    `2026-11-20T09:30:00.${'1'.repeat(100)}Z`,
    'Fri, 20 Nov 2026 09:30:00 GMT',
    1795166400000,
    true,
    null,
    {},
  ])('refuses %p', (value) => expect(() => read(value)).toThrow(/DateTime/));

  it('refuses a literal that is no string', () => {
    expect(() => dateTime.parseLiteral({ kind: Kind.INT, value: '5' })).toThrow('DateTime must be a string');
    expect(dateTime.parseLiteral({ kind: Kind.STRING, value: '2026-11-20T09:30:00Z' }).getTime()).toBe(1795167000000);
  });

  it.each([new Date('2026-11-20T09:30:00Z'), '2026-11-20T10:30:00+01:00'])(
    'writes UTC with milliseconds (%p)',
    (value) => {
      expect(dateTime.serialize(value)).toBe('2026-11-20T09:30:00.000Z');
    },
  );

  it.each([new Date(Number.NaN), 5, 'soon', null])('does not write %p', (value) => {
    expect(() => dateTime.serialize(value)).toThrow(/DateTime/);
  });

  it('says of an invalid variable where and why', () => {
    const schema = buildSchema('scalar DateTime type Query { at(time: DateTime!): String }');
    Object.assign(schema.getType('DateTime') as object, { parseValue: dateTime.parseValue });
    const { errors } = graphqlSync({
      schema,
      source: 'query ($t: DateTime!) { at(time: $t) }',
      variableValues: { t: 'x' },
    });
    expect(errors?.[0]?.message).toContain('DateTime must be RFC 3339');
  });
});
