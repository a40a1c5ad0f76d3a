import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { demoPassword, projects, workspaceName } from '#dev/demo/content.ts';
import { callGraphQL } from '#dev/demo/graphqlClient.ts';
import { defaultPorts, portVariable } from '#dev/env.ts';
import { root } from '#platform/root.ts';
import { freePort } from '#platform/testing/freePort.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { commandOf, processTree, stillRunning } from './processTree.ts';

/** From the issue: every child is gone this soon after Ctrl-C. */
const stopBudgetMs = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-start-'));
const dataDir = join(folder, 'data');
const started: ChildProcess[] = [];

const demo = `query { me { name workspaces { nodes { name members { nodes { user { name } } }
  projects { nodes { key tasks(first: 100) { nodes { title comments(first: 100) { nodes { body author { name } } } } } } } } } } }`;

type Demo = {
  me: {
    name: string;
    workspaces: {
      nodes: {
        name: string;
        members: { nodes: unknown[] };
        projects: { nodes: { key: string; tasks: { nodes: { title: string; comments: { nodes: unknown[] } }[] } }[] };
      }[];
    };
  };
};

async function start(): Promise<{ output: () => string; url: string; process: ChildProcess; tree: number[] }> {
  const env: NodeJS.ProcessEnv = { ...process.env, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  for (const name of Object.keys(defaultPorts)) env[portVariable(name)] = String(await freePort());
  for (const given of ['POSTGRES_URL', 'REDIS_URL', 'NATS_URL']) delete env[given];
  // In a process group of its own, as a terminal would run it, so that a Ctrl-C can be sent to all of it.
  const npm = spawn('npm', ['start'], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(npm);
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  await waitFor(() => output.includes('╰──') || npm.exitCode !== null, { timeoutMs: 90_000 });
  if (!output.includes('╰──')) throw new Error(`npm start ended:\n${output}`);
  return {
    output: () => output,
    process: npm,
    url: /GraphQL +(http:\/\/\S+)/.exec(output)?.[1] ?? '',
    tree: processTree(npm.pid as number),
  };
}

async function readDemo(url: string): Promise<Demo['me']> {
  const input = { email: 'ada@example.com', password: demoPassword };
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
  const session = await callGraphQL<{ login: { accessToken: string } }>(url, login, { input });
  return (await callGraphQL<Demo>(url, demo, {}, session.login.accessToken)).me;
}

/** The README's session in a shell, as it stands there but for the port: what its last command prints. */
function readmeSession(host: string): { data: { me: { name: string; workspaces: unknown } } } {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const script = /```sh\n(graphql\(\)[\s\S]*?)```/.exec(readme)?.[1]?.replaceAll('localhost:4000', host) ?? '';
  expect(script).toContain(host);
  return JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }));
}

// What a failed test leaves behind must not be in the way of the next one.
afterEach(async () => {
  for (const { pid, exitCode, signalCode } of started.splice(0)) {
    if (exitCode !== null || signalCode !== null) continue;
    const tree = processTree(pid as number);
    process.kill(-(pid as number), 'SIGKILL');
    await waitFor(() => stillRunning(tree).length === 0);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start', () => {
  let first: Demo['me'];

  it('brings everything up without a question and ends with a box', async () => {
    const { output, url, tree, process: npm } = await start();
    for (const line of ['Postgres (', 'Redis (', 'NATS JetStream (', 'Service gateway (', 'Demo data (']) {
      expect(output()).toContain(`✔ ${line}`);
    }
    expect(output()).toMatch(/Subscriptions +ws:\/\/localhost:\d+\/graphql/);
    expect(output()).toMatch(/Explorer +http:\/\/localhost:\d+\//);
    expect(output()).toContain(`ada@example.com  ${demoPassword}`);

    first = await readDemo(url);
    const [workspace] = first.workspaces.nodes;
    expect(first.workspaces.nodes).toHaveLength(1);
    expect(workspace?.name).toBe(workspaceName);
    expect(workspace?.members.nodes).toHaveLength(3);
    const tasks = workspace?.projects.nodes.flatMap((project) => project.tasks.nodes) ?? [];
    expect(tasks).toHaveLength(40);
    expect(tasks.map((task) => task.title).sort()).toEqual(
      projects.flatMap((project) => project.tasks.map((task) => task.title)).sort(),
    );
    expect(tasks.flatMap((task) => task.comments.nodes).length).toBe(
      projects.flatMap((project) => project.tasks.flatMap((task) => task.comments ?? [])).length,
    );
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);

    // npm, the start, five services, and Postgres with its own processes, Redis and NATS.
    expect(tree.length).toBeGreaterThan(10);
    process.kill(-(npm.pid as number), 'SIGINT');
    await waitFor(() => stillRunning(tree).length === 0, { timeoutMs: stopBudgetMs });
    // npm ends itself by the signal that it was sent, whatever the exit code of the start.
    await waitFor(() => npm.signalCode === 'SIGINT' || npm.exitCode === 0);
    expect(existsSync(join(dataDir, 'start.pid'))).toBe(false);
  }, 150_000);

  it("comes up again with yesterday's data and writes the demo no second time", async () => {
    const ids = readFileSync(join(dataDir, 'demo.json'), 'utf8');
    const { output, url, tree, process: npm } = await start();
    expect(output()).toMatch(/✔ Demo data \(.*there already\)/);
    expect(readFileSync(join(dataDir, 'demo.json'), 'utf8')).toBe(ids);
    expect(await readDemo(url)).toEqual(first);
    expect(readmeSession(new URL(url).host).data.me.name).toBe(first.name);

    // Only npm is told this time, as by a service manager.
    npm.kill('SIGINT');
    await waitFor(() => stillRunning(tree).length === 0, { timeoutMs: stopBudgetMs });
  }, 150_000);

  it('is stopped by a service that ends, and says which', async () => {
    const { output, tree, process: npm } = await start();
    const victim = tree.find((pid) => commandOf(pid).includes('dist/gateway/main.js'));
    process.kill(victim as number, 'SIGKILL');
    await waitFor(() => stillRunning(tree).length === 0, { timeoutMs: stopBudgetMs });
    expect(output()).toContain('gateway ended unexpectedly (signal SIGKILL)');
    await waitFor(() => npm.exitCode !== null);
    expect(npm.exitCode).toBe(1);
  }, 150_000);
});
