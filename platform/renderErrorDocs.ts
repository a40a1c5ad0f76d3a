import { join } from 'node:path';
import { type ErrorCodeEntry, errorCodes } from './errorCodes.ts';
import { root } from './root.ts';

/** Where the rendered page is kept. */
export const errorDocsPath = join(root, 'docs/errors.md');

const preface = `# Error codes

Rendered from platform/errorCodes.ts by \`npm run generate\`; a test holds both equal.

An error of a field has \`message\`, \`path\` and \`extensions.code\`, next to the data that did arrive:

\`\`\`json
{
  "errors": [
    {
      "message": "input.title: Must not be empty",
      "path": ["createTask"],
      "extensions": {
        "code": "BAD_USER_INPUT",
        "fields": [{ "path": ["input", "title"], "message": "Must not be empty" }]
      }
    }
  ],
  "data": null
}
\`\`\`

A request that fails as a whole (before any field ran, or on a route that is not GraphQL) has the same \`errors\` and the
HTTP status given here. A response to an operation that ran has the status 200. Messages are for developers, in English,
and may change; act on the code. A client treats a code that it does not know as INTERNAL_SERVER_ERROR.
`;

/** docs/errors.md, out of the list of codes. */
export function renderErrorDocs(codes: Record<string, ErrorCodeEntry> = errorCodes): string {
  const overview = Object.entries(codes).map(([code, entry]) => [
    `[${code}](#${code.toLowerCase()})`,
    String(entry.status),
  ]);
  const sections = Object.entries(codes).map(([code, entry]) => renderCode(code, entry));
  return [preface, renderTable(['code', 'HTTP'], overview), ...sections].join('\n');
}

/** A Markdown table with its columns aligned, as the formatter wants it. */
function renderTable(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return `${[head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n')}\n`;
}

function renderCode(code: string, { description, client, fields = {} }: ErrorCodeEntry): string {
  const extras = Object.entries(fields).map(([name, meaning]) => `- \`extensions.${name}\`: ${meaning}`);
  const lines = [`## ${code}`, '', description, '', `What a client does: ${client}`];
  return `${[...lines, ...(extras.length ? ['', ...extras] : [])].join('\n')}\n`;
}
