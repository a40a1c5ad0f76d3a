import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '#platform/testing/waitFor.ts';
import { sharePackages } from '../sharePackages.ts';
import { createNpm, type NpmRun } from '../start/createNpm.ts';
import { processTree, stillRunning } from '../start/processTree.ts';
import { copyTree } from './copyTree.ts';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-dev-'));
const sources = join(folder, 'sources');
const dataDir = join(folder, 'data');
const npm = createNpm();
let dev: NpmRun;

beforeAll(async () => {
  copyTree(sources);
  sharePackages(dataDir);
  dev = await npm.run('dev', { cwd: sources, dataDir });
  await waitFor(() => dev.output().includes('Watching the sources'));
}, 120_000);
afterAll(async () => {
  await npm.killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Changes a file as an editor does. */
function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(join(sources, file), 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`Nothing to change in ${file}`);
  writeFileSync(join(sources, file), changed);
}

/** What the gateway answers, as text; waits until it has `expected` in it. */
const answers = (query: string, expected: string) =>
  waitFor(
    async () => {
      const body = JSON.stringify({ query });
      const response = await fetch(dev.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return (await response.text()).includes(expected);
    },
    { timeoutMs: 20_000 },
  );

/** Waits for a line that was not there when `work` began; returns all that was written since. */
async function printed(expected: string, work: () => void): Promise<string> {
  const before = dev.output().length;
  work();
  await waitFor(() => dev.output().slice(before).includes(expected), { timeoutMs: 50_000 });
  return dev.output().slice(before);
}

const login = 'mutation { login(input: { email: "nobody@example.com", password: "something" }) { accessToken } }';
const command = 'subgraphs/users/src/commands/login.ts';
const refusal = 'The e-mail address or the password is wrong';

describe('npm run dev', () => {
  it('restarts the one service whose source was changed, which answers as it is told now', async () => {
    await answers(login, refusal);
    const said = await printed('users restarted', () => edit(command, (text) => text.replace(refusal, 'Nobody home')));
    expect(said).not.toMatch(/(tasks|gateway) restarted/);
    await answers(login, 'Nobody home');
  });

  it('says where a source does not compile, goes on as before, and with the next change as it should', async () => {
    const said = await printed('ERROR', () => edit(command, (text) => text.replace('{ deps }', '{ deps ')));
    expect(said).toMatch(new RegExp(`${command}:\\d+:\\d+`));
    expect(said).not.toContain('restarted');
    await answers(login, 'Nobody home');
    const well = await printed('✓ builds again', () =>
      edit(command, (text) => text.replace('{ deps ', '{ deps }').replace('Nobody home', 'Gone out')),
    );
    expect(well).toContain('users restarted');
    await answers(login, 'Gone out');
  });

  it('says so when there is nothing to do', async () => {
    const said = await printed('nothing to restart', () => edit(command, (text) => `${text}// A remark.\n`));
    expect(said).not.toContain('restarted');
  });

  it('composes a changed schema, generates its types, and serves the new field', async () => {
    edit('subgraphs/users/src/resolvers/index.ts', (text) =>
      text.replace('Query: {', "Query: { motto: () => 'Ad astra',"),
    );
    const said = await printed('types generated', () =>
      edit('schema/users.graphql', (text) => text.replace('type Query {', 'type Query {\n  motto: String!')),
    );
    expect(said).toContain('subgraphs/users/src/generated/resolvers.ts');
    await answers('{ motto }', '{"motto":"Ad astra"}');
    expect(readFileSync(join(sources, 'schema/supergraph.graphql'), 'utf8')).toContain('motto: String!');
    const types = readFileSync(join(sources, 'subgraphs/users/src/generated/resolvers.ts'), 'utf8');
    expect(types).toMatch(/\n +motto\?: Resolver</);
  });

  it('says what is wrong with a schema, and goes on with it as it was', async () => {
    const broken = (text: string) => text.replace('motto: String!', 'motto: Strin!');
    expect(await printed('✖', () => edit('schema/users.graphql', broken))).toMatch(/✖ .*Strin\b/);
    await answers('{ motto }', '{"motto":"Ad astra"}');
    // A change of something else finds the schema still wrong.
    await printed('✖', () => edit(command, (text) => `${text}// Another remark.\n`));
    await printed('✓ builds again', () => edit('schema/users.graphql', (text) => text.replace('Strin!', 'String')));
    await answers(
      '{ __type(name: "Query") { fields { name type { kind } } } }',
      '{"name":"motto","type":{"kind":"SCALAR"}}',
    );
  });

  it('says what a change of the models asks for, and restarts their subgraph with a client of them', async () => {
    const said = await printed('users restarted', () =>
      edit('prisma/users/schema.prisma', (text) => `${text}\n// A remark.\n`),
    );
    expect(said).toContain('models changed: npm run db:diff -- users <what>');
  });

  it('is stopped by Ctrl-C, with everything that it has started', async () => {
    const tree = processTree(dev.process.pid as number);
    expect(tree.length).toBeGreaterThan(10);
    process.kill(-(dev.process.pid as number), 'SIGINT');
    await waitFor(() => stillRunning(tree).length === 0);
  });
});
