import { z } from 'zod';

/** When work begins or is due: a whole day, or an instant in a time zone, which then has all three. */
export type TaskDate = {
  /** `2026-11-20`; of an instant, the day in its time zone. */
  date: string;
  /** RFC 3339 in UTC, with milliseconds. */
  at: string | null;
  /** A name of the IANA time zone database. */
  timeZone: string | null;
};

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is a day that exists, from 1900 to 9999, as ISO 8601 has it: `2026-11-20`. */
export function isDay(text: string): boolean {
  if (!pattern.test(text) || text < '1900') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A name like `Europe/Berlin` or `UTC`. Offsets, which the runtime would take for time zones, are none. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine((name) => /^[A-Za-z]/.test(name) && formatOf(name) !== null, 'Is not the name of a time zone');

/** What a client sends for a TaskDate: `date` alone, or `at` with `timeZone`. */
export const taskDateSchema = z
  .strictObject({
    date: z.string().refine(isDay, 'Must be a day from 1900 to 9999').nullish(),
    at: z.date().nullish(),
    timeZone: timeZoneSchema.nullish(),
  })
  .transform(({ date, at, timeZone }, context): TaskDate => {
    const refused = (path: string[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
      return z.NEVER;
    };
    if (at && timeZone) {
      const day = dayIn(timeZone, at);
      if (date != null) return refused(['date'], 'Goes without at and timeZone');
      if (day === null || !isDay(day) || !isDay(at.toISOString().slice(0, 10)))
        return refused(['at'], 'Must be from 1900 to 9999');
      return { date: day, at: at.toISOString(), timeZone };
    }
    if (at) return refused(['timeZone'], 'Is needed with at');
    if (timeZone != null) return refused(['timeZone'], 'Goes only with at');
    return date == null ? refused([], 'Needs date, or at with timeZone') : { date, at: null, timeZone: null };
  });

/** The day that an instant is in a time zone, `2026-11-20`; null when there is no such time zone. */
export function dayIn(timeZone: string, at: Date): string | null {
  const parts = formatOf(timeZone)?.formatToParts(at);
  if (!parts) return null;
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** Whether work would begin after it is due: on a later day, or at a later instant where both have one. */
export function isReversed(start: TaskDate | null, due: TaskDate | null): boolean {
  if (!start || !due) return false;
  return start.at && due.at ? start.at > due.at : start.date > due.date;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    return new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', ...digits });
  } catch {
    return null;
  }
}
