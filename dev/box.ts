import { painter } from './paint.ts';

/** A frame around rows of a name and a value; an empty row is a blank line, a row without a name a remark. */
export function renderBox(title: string, rows: [name: string, value: string][], colour: boolean): string {
  const paint = painter(colour);
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const plain = rows.map(([name, value]) => (name ? `${name.padEnd(nameWidth)}  ${value}` : value));
  const width = Math.max(title.length, ...plain.map((row) => row.length));
  const line = (text: string, painted: string) => `│  ${painted}${' '.repeat(width - text.length)}  │`;
  return [
    `╭${'─'.repeat(width + 4)}╮`,
    line(title, paint('bold', title)),
    line('', ''),
    ...rows.map(([name, value], index) =>
      line(plain[index] as string, name ? `${paint('gray', name.padEnd(nameWidth))}  ${value}` : paint('gray', value)),
    ),
    `╰${'─'.repeat(width + 4)}╯`,
  ].join('\n');
}
