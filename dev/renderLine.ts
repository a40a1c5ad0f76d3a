import { styleText } from 'node:util';

const palette = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'cyanBright', 'magentaBright', 'yellowBright'] as const;

const levels: Record<number, [string, 'gray' | 'red' | 'yellow' | 'white']> = {
  10: ['trace', 'gray'],
  20: ['debug', 'gray'],
  30: ['info', 'white'],
  40: ['warn', 'yellow'],
  50: ['error', 'red'],
  60: ['fatal', 'red'],
};

/** What every line of a service has, and the prefix says already. */
const known = new Set(['level', 'time', 'pid', 'hostname', 'service', 'name', 'msg', 'err', 'v']);

function value(of: unknown): string {
  const text = typeof of === 'string' ? of : JSON.stringify(of);
  return /[\s"]/.test(text ?? '') && typeof of === 'string' ? JSON.stringify(of) : String(text);
}

/** Turns a service's lines (pino's JSON) into `users │ 12:00:01 info message key=value`, an error's stack below. */
export function createLineRenderer(names: readonly string[], colour: boolean): (name: string, line: string) => string {
  const width = Math.max(...names.map((name) => name.length));
  const paint = (style: Parameters<typeof styleText>[0], text: string) => (colour ? styleText(style, text) : text);
  const prefixes = new Map(
    names.map((name, index) => [name, paint(palette[index % palette.length] ?? 'white', `${name.padEnd(width)} │`)]),
  );
  return (name, line) => {
    const prefix = prefixes.get(name) ?? `${name.padEnd(width)} │`;
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(line);
      if (typeof record !== 'object' || record === null || typeof record.level !== 'number') return `${prefix} ${line}`;
    } catch {
      return `${prefix} ${line}`;
    }
    const [level, style] = levels[record.level as number] ?? ['log', 'white'];
    const time = new Date(record.time as string | number);
    const clock = Number.isNaN(time.getTime()) ? '' : time.toTimeString().slice(0, 8);
    const fields = Object.entries(record)
      .filter(([key]) => !known.has(key))
      .map(([key, field]) => paint('gray', `${key}=`) + value(field));
    const head = [paint('gray', clock), paint(style, level), String(record.msg ?? ''), ...fields].join(' ');
    const error = record.err as { stack?: string; message?: string } | undefined;
    const stack = (error?.stack ?? error?.message)?.split('\n').map((row) => `${prefix}   ${paint('gray', row)}`) ?? [];
    return [`${prefix} ${head}`, ...stack].join('\n');
  };
}
