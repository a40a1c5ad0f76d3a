import { painter } from './paint.ts';

const palette = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'cyanBright', 'magentaBright', 'yellowBright'] as const;

const levels: Record<string, 'gray' | 'red' | 'yellow' | 'white'> = {
  trace: 'gray',
  debug: 'gray',
  info: 'white',
  warn: 'yellow',
  error: 'red',
  fatal: 'red',
};

/** Said by the prefix or shown elsewhere in the line; span ids are for the traces. */
const known = new Set(['level', 'time', 'service', 'msg', 'err', 'span_id']);

function value(of: unknown): string {
  const text = typeof of === 'string' ? of : JSON.stringify(of);
  return /[\s"]/.test(text ?? '') && typeof of === 'string' ? JSON.stringify(of) : String(text);
}

/** Turns a service's lines (pino's JSON) into `users │ 12:00:01 info message key=value`, an error's stack below. */
export function createLineRenderer(names: readonly string[], colour: boolean): (name: string, line: string) => string {
  const width = Math.max(...names.map((name) => name.length));
  const paint = painter(colour);
  const prefixes = new Map(
    names.map((name, index) => [name, paint(palette[index % palette.length] ?? 'white', `${name.padEnd(width)} │`)]),
  );
  return (name, line) => {
    const prefix = prefixes.get(name) ?? `${name.padEnd(width)} │`;
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(line);
      if (typeof record !== 'object' || record === null || typeof record.level !== 'string') return `${prefix} ${line}`;
    } catch {
      return `${prefix} ${line}`;
    }
    const level = record.level;
    const time = new Date(record.time as string | number);
    const clock = Number.isNaN(time.getTime()) ? '' : time.toTimeString().slice(0, 8);
    const fields = Object.entries(record)
      .filter(([key]) => !known.has(key))
      .sort(([a], [b]) => Number(a === 'trace_id') - Number(b === 'trace_id'))
      .map(([key, field]) => paint('gray', `${key}=`) + value(field));
    const head = [
      paint('gray', clock),
      paint(levels[level] ?? 'white', level),
      String(record.msg ?? ''),
      ...fields,
    ].join(' ');
    const error = record.err as { stack?: string; message?: string } | undefined;
    const stack = (error?.stack ?? error?.message)?.split('\n').map((row) => `${prefix}   ${paint('gray', row)}`) ?? [];
    return [`${prefix} ${head}`, ...stack].join('\n');
  };
}
