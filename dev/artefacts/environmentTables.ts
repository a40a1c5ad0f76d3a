import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { describeEnv, type EnvVariable } from '#platform/env.ts';
import { root } from '#platform/root.ts';
import { devEnvSchema } from '../env.ts';
import { migrateEnvSchema } from '../migrate.ts';
import { subgraphs } from '../subgraphs.ts';

const begin = '<!-- variables: written by `npm run generate` from the env.ts of each service -->';
const end = '<!-- variables end -->';

/** README.md with its tables of environment variables made anew from the schemas that they are read with. */
export async function renderEnvironmentTables(): Promise<Map<string, string>> {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for the variables: ${begin} … ${end}`);
  const tables = [
    renderServices(await readVariables()),
    '`npm start` and `npm run dev` read these, and hand the rest of the environment on to the services:\n',
    renderTable(describeEnv(devEnvSchema)),
    'The migration job (`npm run migrate -- <subgraph>`):\n',
    renderTable(describeEnv(migrateEnvSchema)),
  ].join('\n');
  return new Map([['README.md', `${readme.slice(0, from)}${begin}\n\n${tables}\n${readme.slice(to)}`]]);
}

type Row = EnvVariable & { services: string[] };

async function readVariables(): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (const service of ['gateway', ...subgraphs]) {
    const folder = service === 'gateway' ? 'gateway' : `subgraphs/${service}`;
    const module: Record<string, unknown> = await import(path.join(root, folder, 'src/env.ts'));
    const schema = module[`${service}EnvSchema`];
    if (!(schema instanceof z.ZodObject)) throw new Error(`${folder}/src/env.ts exports no ${service}EnvSchema`);
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

function renderServices(rows: Row[]): string {
  const all = subgraphs.length + 1;
  const lines = rows.map((row) => {
    const services =
      row.services.length === all
        ? 'all'
        : row.services.length === subgraphs.length && !row.services.includes('gateway')
          ? 'subgraphs'
          : row.services.join(', ');
    return `| \`${row.name}\` | ${services} | ${defaultOf(row)} | ${requiredOf(row)} | ${textOf(row)} |`;
  });
  return ['| variable | read by | default | required | what it is |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}

function renderTable(variables: EnvVariable[]): string {
  const lines = variables.map((one) => `| \`${one.name}\` | ${defaultOf(one)} | ${requiredOf(one)} | ${textOf(one)} |`);
  return ['| variable | default | required | what it is |', '|---|---|---|---|', ...lines, ''].join('\n');
}

const defaultOf = ({ default: value }: EnvVariable): string =>
  value === undefined || value === '' ? '' : `\`${value}\``;

const requiredOf = ({ required, requiredInProduction }: EnvVariable): string =>
  required ? 'always' : requiredInProduction ? 'in production' : '';

const textOf = ({ description }: EnvVariable): string => description.replaceAll('|', '\\|');
