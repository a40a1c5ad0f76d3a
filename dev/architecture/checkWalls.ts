import { missingParts } from '../subgraphParts.ts';
import { readSource } from './readSource.ts';

/** Where each rule of the house is broken: `path:line what`. */
export type Violation = string;

const forbiddenFolders = new Set(['utils', 'helpers', 'common', 'shared', 'lib']);
const server = ['gateway', 'subgraphs', 'platform', 'events', 'prisma', 'dev', 'schema', 'e2e', 'bench'];

/** Tests, their fixtures and sample programs: they may reach further, but not across the walls between subgraphs. */
const isTest = (path: string): boolean =>
  /\.spec\.tsx?$/.test(path) || /(^|\/)test\//.test(path) || path.startsWith('platform/testing/');

const top = (path: string): string => path.split('/')[0] as string;
const second = (path: string): string => path.split('/')[1] ?? '';
const inRepository = (target: string): boolean => !/^(pkg|node):/.test(target);

/** The reason why a file may not import a target, if there is one. */
function objection(path: string, target: string): string | undefined {
  const test = isTest(path);
  if (!inRepository(target)) {
    const allowed = target === 'pkg:zod' || test;
    return top(path) === 'events' && !allowed ? 'events/ imports only zod' : undefined;
  }
  switch (top(path)) {
    case 'subgraphs':
      if (top(target) === 'subgraphs' && second(target) !== second(path))
        return 'a subgraph never imports another subgraph';
      if (top(target) === 'prisma' && second(target) !== second(path))
        return 'nobody reads the database of another subgraph';
      if (['gateway', 'sdk', 'e2e', 'bench'].includes(top(target))) return `a subgraph does not import ${top(target)}/`;
      return top(target) === 'dev' && !test ? 'services do not import dev/' : undefined;
    case 'gateway':
      if (['subgraphs', 'prisma'].includes(top(target))) return 'the gateway runs any supergraph: it knows no subgraph';
      return top(target) === 'dev' && !test ? 'services do not import dev/' : undefined;
    case 'platform':
      if (['events', 'subgraphs', 'gateway', 'sdk'].includes(top(target)))
        return `platform/ does not import ${top(target)}/`;
      return ['dev', 'prisma'].includes(top(target)) && !test
        ? `only tests in platform/ import ${top(target)}/`
        : undefined;
    case 'events':
      return top(target) === 'events' || test ? undefined : 'events/ imports only zod';
    case 'sdk':
      return server.includes(top(target)) && !test ? 'sdk/ imports no server code' : undefined;
    default:
      return undefined;
  }
}

/** Services and platform code get their configuration as an argument; env.ts alone reads it. */
function mayReadEnv(path: string): boolean {
  if (!['gateway', 'subgraphs', 'platform', 'events'].includes(top(path))) return true;
  return isTest(path) || path.endsWith('/env.ts');
}

/** What one source file, by its path in the repository, does against the house rules. */
export function checkWalls(path: string, text: string): Violation[] {
  const { imports, envReads } = readSource(path, text);
  const violations = imports.flatMap(({ target, line }) => {
    const reason = objection(path, target);
    return reason ? [`${path}:${line} imports ${target}: ${reason}`] : [];
  });
  if (!mayReadEnv(path)) {
    violations.push(...envReads.map((line) => `${path}:${line} reads process.env: only env.ts does`));
  }
  return violations;
}

/** The folders on the way to a file that say nothing about what is in them. */
export function checkFolders(path: string): Violation[] {
  const junk = path
    .split('/')
    .slice(0, -1)
    .filter((folder) => forbiddenFolders.has(folder.toLowerCase()));
  return junk.map((folder) => `${path} is in a folder named ${folder}: name it after what it holds`);
}

/**
 * One word names a subgraph everywhere: what is missing for a name of the list, and what goes by another name.
 * `files` are all files of the repository.
 */
export function checkNames(names: readonly string[], files: readonly string[]): Violation[] {
  const present = new Set(files);
  const missing = missingParts(names, (path) => present.has(path)).map(
    ({ path, name }) => `${path} is missing for the subgraph ${name}`,
  );
  const strangers = files.flatMap((path) => {
    const name = /^(?:schema\/([^/]+)\.graphql|prisma\/([^/]+)\/.*|subgraphs\/([^/]+)\/.*)$/
      .exec(path)
      ?.slice(1)
      .find(Boolean);
    const known = name === undefined || names.includes(name) || path === 'schema/supergraph.graphql';
    return known ? [] : [`${path}: no subgraph is named ${name}`];
  });
  return [...missing, ...strangers];
}
