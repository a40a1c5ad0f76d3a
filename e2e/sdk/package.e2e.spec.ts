import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { root } from '#platform/root.ts';
import { CreateProjectDocument, CreateWorkspaceDocument, createClient, RegisterDocument } from '../../sdk/src/index.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

const run = promisify(execFile);
/** A project of somebody else's: nothing but the packed SDK and the packages that it asks for. */
const project = mkdtempSync(join(tmpdir(), 'taskgraph-consumer-'));
const packages = join(project, 'node_modules');
let system: TestSystem;
let sample: string;

beforeAll(async () => {
  const installed = join(packages, '@taskgraph/sdk');
  mkdirSync(installed, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', '-w', 'sdk', '--pack-destination', project], { cwd: root });
  const archive = join(project, stdout.trim().split('\n').at(-1) as string);
  await run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1']);
  mkdirSync(join(packages, '@graphql-typed-document-node'));
  for (const name of ['graphql', 'graphql-ws', 'ws', '@graphql-typed-document-node/core']) {
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "type": "module" }');

  system = await startTestSystem();
  const readme = readFileSync(join(root, 'sdk/README.md'), 'utf8');
  sample = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const [, email = '', password = ''] = /email: '(.+?)', password: '(.+?)'/.exec(sample) ?? [];
  const url = system.urls.graphql;
  const { register } = await createClient({ url }).mutate(RegisterDocument, {
    input: { email, password, name: 'Ada' },
  });
  const ada = createClient({ url, token: register.accessToken });
  const { createWorkspace } = await ada.mutate(CreateWorkspaceDocument, { input: { name: 'Lab' } });
  const workspaceId = createWorkspace.workspace.id;
  await ada.mutate(CreateProjectDocument, { input: { workspaceId, key: 'LAB', name: 'Laboratory' } });
}, 120_000);
afterAll(async () => {
  await system?.remove();
  rmSync(project, { recursive: true, force: true });
});

/** Runs a module with Node.js alone, no loader, in the consumer's project. */
async function runModule(name: string, text: string): Promise<string> {
  writeFileSync(join(project, name), text.replaceAll('http://localhost:4000/graphql', system.urls.graphql));
  return (await run(process.execPath, [name], { cwd: project, env: { PATH: process.env.PATH } })).stdout;
}

describe('the packed SDK', () => {
  it("runs the README's sample in plain Node.js, from the login to a task", async () => {
    expect(await runModule('sample.mjs', sample)).toBe('LAB-1 Fix the header\n');
  });

  it('says which option is missing where there is no WebSocket', async () => {
    const script = `
      import { createClient, NotificationReceivedDocument, TaskgraphError } from '@taskgraph/sdk';
      globalThis.WebSocket = undefined;
      const client = createClient({ url: 'http://localhost:4000/graphql' });
      try {
        for await (const event of client.subscribe(NotificationReceivedDocument)) console.log(event);
      } catch (error) {
        console.log(error instanceof TaskgraphError, error.code, error.message);
      }`;
    expect(await runModule('socketless.mjs', script)).toMatch(/^true NO_WEBSOCKET .*the option webSocket\b/);
  });

  it.each(['typescript', 'typescript7'])('has types that hold in a strict project: %s', async (compiler) => {
    const wrong = `${sample}\n// @ts-expect-error: a task has a title\nawait client.mutate(CreateTaskDocument, { input: { projectId: project.id } });\n`;
    writeFileSync(join(project, 'sample.ts'), wrong);
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--verbatimModuleSyntax'];
    const target = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable'];
    const options = ['--noEmit', '--module', 'nodenext', '--moduleResolution', 'nodenext', ...strict, ...target];
    const args = [join(root, 'node_modules', compiler, 'bin/tsc'), ...options, 'sample.ts'];
    const { stdout } = await run(process.execPath, args, { cwd: project }).catch((error) => error);
    expect(stdout).toBe('');
  });
});
