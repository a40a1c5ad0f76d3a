import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '#platform/root.ts';
import { subgraphPorts, subgraphs } from '../subgraphs.ts';
import { registerName, registerSecrets, registerServices } from './register.ts';
import { entityOf, rename, renameFromTasks, type Words } from './words.ts';

const template = 'dev/newSubgraph/template';

/** What every subgraph has as tasks has it. The rest of the skeleton is in template/. */
const fromTasks = [
  'src/main.ts',
  'src/env.ts',
  'src/deps.ts',
  'src/context.ts',
  'src/memberships.ts',
  'src/workspaces.ts',
  'src/startTasks.ts',
  'src/consumers/onMembershipChanged.ts',
  'src/consumers/onWorkspaceChanged.ts',
  'src/consumers/onWorkspaceSuperseded.ts',
  'src/domain/membership.ts',
  'src/domain/workspace.ts',
  'src/store/database.ts',
  'src/store/memberships.ts',
  'src/store/workspaces.ts',
];

/** The files of the new subgraph: their paths and their texts. */
function skeletonOf(words: Words): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of fromTasks) {
    const text = readFileSync(join(root, 'subgraphs/tasks', file), 'utf8');
    files.set(renameFromTasks(`subgraphs/tasks/${file}`, words), renameFromTasks(text, words));
  }
  for (const entry of readdirSync(join(root, template), { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.txt')) continue;
    const text = readFileSync(join(root, template, entry), 'utf8');
    files.set(rename(entry.replace(/\.txt$/, '').replaceAll('\\', '/'), words), rename(text, words));
  }
  return files;
}

function edit(file: string, change: (text: string) => string): string {
  writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8')));
  return file;
}

function run(...args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed. What was written so far stays.`);
}

/** `npm run new:subgraph -- labels`: a subgraph with one entity, a query, a mutation and its event, ready to be changed. */
function main(): void {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { entity: { type: 'string' } } });
  const [name = ''] = positionals;
  const entity = values.entity ?? entityOf(name);
  if (!/^[a-z]+$/.test(name) || positionals.length > 1) throw new Error(usage);
  if (!entity || !/^[a-z][A-Za-z]*$/.test(entity)) throw new Error(`What is ${name} made of? ${usage}`);
  if (['gateway', ...subgraphs].includes(name)) throw new Error(`There is a ${name} already.`);
  const words: Words = { name, entity, port: Math.max(...Object.values(subgraphPorts)) + 1 };
  const files = skeletonOf(words);
  const taken = [...files.keys()].filter((file) => existsSync(join(root, file)));
  if (taken.length > 0) throw new Error(`There is something already: ${taken.join(', ')}`);

  const [first, last] = [subgraphs[0] as string, subgraphs.at(-1) as string];
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const edited = [
    edit('docker-compose.yml', (text) => registerServices(text, words, first, last)),
    edit('deploy/env.example', (text) => registerSecrets(text, words, last)),
    edit('dev/subgraphs.ts', (text) => registerName(text, words)),
  ];
  const tsx = ['--import', 'tsx'];
  run(...tsx, 'dev/database/writeMigration.ts', name, 'init');
  run(...tsx, 'dev/generatePrisma.ts');
  run(...tsx, 'dev/generate.ts');
  run('node_modules/@biomejs/biome/bin/biome', 'check', '--write', `subgraphs/${name}`, `events/${name}.ts`);
  console.log(`
subgraphs/${name} is there, with one entity, ${entity}: make it yours. Its port, ${words.port}, and whom it asks are in dev/subgraphs.ts.
Edited, too: ${edited.join(', ')}.
  npm run jest -- subgraphs/${name}
  npm start`);
}

const usage = 'Usage: npm run new:subgraph -- <name> [--entity <entity>], as in labels, or media --entity asset';

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
