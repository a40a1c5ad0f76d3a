/** What a scenario says about itself, line by line, and whether all that it claims holds. */
export type Report = {
  /** What was done. */
  did(text: string): void;
  /** What was counted, in the databases and the streams. */
  counted(counts: Record<string, number | string>): void;
  /** What has to hold. */
  check(claim: string, holds: boolean): void;
  /** What this does not prove. */
  leftOut(text: string): void;
  /** Every line so far. */
  lines(): string[];
  /** The claims that do not hold. */
  broken(): string[];
  /** The counts in one line. */
  summary(): string;
};

/** Starts a report; `print` gets each line as it comes. */
export function createReport(print: (line: string) => void): Report {
  const lines: string[] = [];
  const broken: string[] = [];
  const counts: string[] = [];
  const write = (kind: string, text: string) => {
    const line = `  ${kind.padEnd(8)} ${text}`;
    lines.push(line);
    print(line);
  };
  const inWords = (values: Record<string, number | string>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return {
    did: (text) => write('did', text),
    counted(values) {
      counts.push(inWords(values));
      write('counted', inWords(values));
    },
    check(claim, holds) {
      if (!holds) broken.push(claim);
      write(holds ? 'holds' : 'BROKEN', claim);
    },
    leftOut: (text) => write('left out', text),
    lines: () => [...lines],
    broken: () => [...broken],
    summary: () => counts.join('; '),
  };
}
