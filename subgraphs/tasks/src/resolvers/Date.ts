import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isDay } from '../domain/taskDate.ts';

/** The Date scalar: a day of the calendar as ISO 8601 has it, `2026-11-20`, from 1900 to 9999. */
export const calendarDate = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A day of the calendar, from 1900 to 9999: `2026-11-20`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: parseDay,
  parseValue: parseDay,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError('Date must be a string', { nodes: node });
    return parseDay(node.value);
  },
});

function parseDay(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw new GraphQLError('Date must be a day from 1900 to 9999, such as 2026-11-20');
}
