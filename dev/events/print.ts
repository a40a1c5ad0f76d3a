/** Where commands write, and what they know of it. */
export type Output = {
  line(text?: string): void;
  /** How many characters a line may have; undefined: as many as there are (a file, a pipe). */
  width?: number;
};

/** The process's own output. */
export const standardOutput: Output = {
  line: (text = '') => console.log(text),
  get width() {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  },
};

/** Rows under their titles, in columns; numbers are aligned to the right. The last column is cut to the width. */
export function table(titles: string[], rows: (string | number | null)[][], width?: number): string[] {
  const texts = [titles, ...rows.map((row) => row.map((cell) => String(cell ?? '')))];
  const widths = titles.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const numeric = titles.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  return texts.map((row) => {
    const cells = row.map((cell, column) =>
      numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    return cut(cells.join('  ').trimEnd(), width);
  });
}

/** The beginning of a text that is too long for a line. */
export function cut(text: string, width?: number): string {
  return width !== undefined && text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

/** Seconds as people say them: `0 s`, `45 s`, `3 min`, `5 h`, `2 d`. */
export function duration(seconds: number): string {
  const steps: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ];
  for (const [size, unit] of steps) if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit}`;
  return seconds > 0 && seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** A reason or message on one line. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
