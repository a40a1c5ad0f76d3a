import { describe, expect, it } from '@jest/globals';
import { isDay, isReversed, taskDateSchema } from './taskDate.ts';

const at = new Date('2026-11-20T23:30:00Z');

describe('a day', () => {
  it.each(['2026-11-20', '2024-02-29', '1900-01-01', '9999-12-31'])('is one: %s', (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each(['2026-02-29', '2026-11-31', '2026-13-01', '2026-1-1', '1899-12-31', '20261120', '2026-11-20T00:00Z', ''])(
    'is none: %s',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});

describe('when work is due', () => {
  it('is a whole day', () => {
    expect(taskDateSchema.parse({ date: '2026-11-20' })).toEqual({ date: '2026-11-20', at: null, timeZone: null });
  });

  it.each([
    ['UTC', '2026-11-20'],
    ['Europe/Berlin', '2026-11-21'],
    ['America/Los_Angeles', '2026-11-20'],
    ['Pacific/Kiritimati', '2026-11-21'],
  ])('is an instant, with its day in %s', (timeZone, date) => {
    expect(taskDateSchema.parse({ at, timeZone })).toEqual({ date, at: at.toISOString(), timeZone });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, ''],
    ['a day that there is not', { date: '2026-02-29' }, 'date'],
    ['a day and an instant', { date: '2026-11-20', at, timeZone: 'UTC' }, 'date'],
    ['a day in a time zone', { date: '2026-11-20', timeZone: 'UTC' }, 'timeZone'],
    ['an instant without a time zone', { at }, 'timeZone'],
    ['an offset for a time zone', { at, timeZone: '+01:00' }, 'timeZone'],
    ['a time zone that there is not', { at, timeZone: 'Europe/Atlantis' }, 'timeZone'],
    ['a time zone of another kind', { at, timeZone: "UTC'; drop table task" }, 'timeZone'],
    ['an instant before its time', { at: new Date('1800-01-01T00:00:00Z'), timeZone: 'UTC' }, 'at'],
    ['an instant after the last year', { at: new Date('+010000-01-01T00:30:00Z'), timeZone: 'America/Lima' }, 'at'],
    ['an instant whose day is after the last', { at: new Date('9999-12-31T23:00:00Z'), timeZone: 'Asia/Tokyo' }, 'at'],
  ])('is refused: %s', (_name, value, path) => {
    const { error } = taskDateSchema.safeParse(value);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});

describe('the order of two', () => {
  const day = (date: string) => ({ date, at: null, timeZone: null });
  const instant = (text: string) => taskDateSchema.parse({ at: new Date(text), timeZone: 'UTC' });

  it('is by the day, or by the instant where both have one', () => {
    expect(isReversed(day('2026-11-21'), day('2026-11-20'))).toBe(true);
    expect(isReversed(day('2026-11-20'), day('2026-11-20'))).toBe(false);
    expect(isReversed(day('2026-11-20'), instant('2026-11-20T09:00:00Z'))).toBe(false);
    expect(isReversed(instant('2026-11-20T09:00:00Z'), instant('2026-11-20T08:59:59Z'))).toBe(true);
    expect(isReversed(null, day('2026-11-20'))).toBe(false);
    expect(isReversed(day('2026-11-20'), null)).toBe(false);
  });
});
