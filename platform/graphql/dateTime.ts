import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** RFC 3339 date-time with an offset; the fraction of a second may have any number of digits. */
const pattern = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * The DateTime scalar: RFC 3339. Out it is always UTC with milliseconds; in it must name its offset, and the day must exist.
 * Digits after the milliseconds are cut off. Leap seconds (":60") are not accepted: JavaScript and Postgres have none.
 */
export const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 in UTC, with milliseconds: `2026-11-20T09:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    const date = value instanceof Date ? value : parseDateTime(value);
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime cannot represent an invalid date');
    return date.toISOString();
  },
  parseValue: parseDateTime,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError('DateTime must be a string', { nodes: node });
    return parseDateTime(node.value);
  },
});

function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' && value.length <= 64 ? pattern.exec(value) : null;
  if (!match) throw new GraphQLError('DateTime must be RFC 3339, such as 2026-11-20T09:30:00.000Z');
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as number[] as Parts;
  const exists =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59;
  const date = new Date(String(value).toUpperCase());
  if (!exists || Number.isNaN(date.getTime())) throw new GraphQLError('DateTime is not a date that exists');
  return date;
}

type Parts = [number, number, number, number, number, number];

/** Day 0 of the next month is the last of this; setUTCFullYear, because Date.UTC reads the years 0 to 99 as 1900 to 1999. */
function daysIn(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}
