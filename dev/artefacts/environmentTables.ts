import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { describeEnv, type EnvVariable } from '#platform/env.ts';
import { root } from '#platform/root.ts';
import { subgraphs } from '../subgraphs.ts';

const begin = '<!-- variables: written by `npm run generate` from the env.ts of each service -->';
const end = '<!-- variables end -->';

/** README.md with its table of environment variables made anew from the schemas that the services read them with. */
export async function renderEnvironmentTables(): Promise<Map<string, string>> {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for the variables: ${begin} … ${end}`);
  const table = renderTable(await readVariables());
  return new Map([['README.md', `${readme.slice(0, from)}${begin}\n\n${table}\n${readme.slice(to)}`]]);
}

type Row = EnvVariable & { services: string[] };

async function readVariables(): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (const service of ['gateway', ...subgraphs]) {
    const folder = service === 'gateway' ? 'gateway' : `subgraphs/${service}`;
    const module: Record<string, unknown> = await import(path.join(root, folder, 'src/env.ts'));
    const schema = Object.values(module).find((value) => value instanceof z.ZodObject);
    if (!schema) throw new Error(`${folder}/src/env.ts exports no zod schema`);
    for (const variable of describeEnv(schema)) {
      const known = rows.get(variable.name);
      if (!known) rows.set(variable.name, { ...variable, services: [service] });
      else {
        known.services.push(service);
        if (known.default !== variable.default) known.default = `${known.default}, ${variable.default}`;
      }
    }
  }
  return [...rows.values()];
}

function renderTable(rows: Row[]): string {
  const all = subgraphs.length + 1;
  const lines = rows.map((row) => {
    const services =
      row.services.length === all
        ? 'all'
        : row.services.length === subgraphs.length && !row.services.includes('gateway')
          ? 'subgraphs'
          : row.services.join(', ');
    const value = row.default === undefined || row.default === '' ? '' : `\`${row.default}\``;
    const needed = row.required ? 'always' : row.requiredInProduction ? 'in production' : '';
    return `| \`${row.name}\` | ${services} | ${value} | ${needed} | ${row.description.replaceAll('|', '\\|')} |`;
  });
  return ['| variable | read by | default | required | what it is |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}
