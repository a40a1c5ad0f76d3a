import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { demoPassword, projects, workspaceName } from '#dev/demo/content.ts';
import { callGraphQL } from '#dev/demo/graphqlClient.ts';
import { root } from '#platform/root.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createNpm } from './createNpm.ts';
import { commandOf, stillRunning } from './processTree.ts';

/** From the issue: every child is gone this soon after Ctrl-C. */
const stopBudgetMs = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-start-'));
const dataDir = join(folder, 'data');
const npm = createNpm();

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

const start = () => npm.run('start', { cwd: root, dataDir });

async function signIn(url: string): Promise<string> {
  const input = { email: 'ada@example.com', password: demoPassword };
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
  return (await callGraphQL<{ login: { accessToken: string } }>(url, login, { input })).login.accessToken;
}

async function readDemo(url: string): Promise<Demo['me']> {
  return (await callGraphQL<Demo>(url, demo, {}, await signIn(url))).me;
}

/** Runs every example that the explorer offers, but subscriptions, as it stands there; throws where one fails. */
async function runExamples(url: string): Promise<string[]> {
  const config = await fetch(new URL('/explorer/config.json', url));
  const { examples } = (await config.json()) as { examples: string[] };
  const token = await signIn(url);
  const operations = examples.filter((text) => !/^subscription/m.test(text));
  for (const text of operations) await callGraphQL(url, text, {}, text.includes('SignIn') ? undefined : token);
  return operations;
}

/** The README's session in a shell, as it stands there but for the port: what its last command prints. */
function readmeSession(host: string): { data: { me: { name: string; workspaces: unknown } } } {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const script =
    /```sh\n(unset TOKEN\ngraphql\(\)[\s\S]*?)```/.exec(readme)?.[1]?.replaceAll('localhost:4000', host) ?? '';
  expect(script).toContain(host);
  // A token of an earlier session, which has expired, must not be sent with the login.
  const env = { ...process.env, TOKEN: 'stale.access.token' };
  return JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8', env }));
}

afterEach(npm.killAll);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start', () => {
  let first: Demo['me'];

  it('brings everything up without a question and ends with a box', async () => {
    const { output, url, tree, process: command } = await start();
    for (const line of ['Postgres (', 'Redis (', 'NATS JetStream (', 'Service gateway (', 'Demo data (']) {
      expect(output()).toContain(`✔ ${line}`);
    }
    expect(output()).toMatch(/Subscriptions +ws:\/\/localhost:\d+\/graphql/);
    expect(output()).toMatch(/Explorer +http:\/\/localhost:\d+\//);
    expect(output()).toMatch(/Demo logins +ada@example\.com, grace@example\.com, alan@example\.com/);
    expect(output()).toMatch(new RegExp(`Password +${demoPassword}`));

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
    process.kill(-(command.pid as number), 'SIGINT');
    await waitFor(() => stillRunning(tree).length === 0, { timeoutMs: stopBudgetMs });
    // npm ends itself by the signal that it was sent, whatever the exit code of the start.
    await waitFor(() => command.signalCode === 'SIGINT' || command.exitCode === 0);
    expect(existsSync(join(dataDir, 'start.pid'))).toBe(false);
  }, 150_000);

  it("comes up again with yesterday's data and writes the demo no second time", async () => {
    const ids = readFileSync(join(dataDir, 'demo.json'), 'utf8');
    const { output, url, tree, process: command } = await start();
    expect(output()).toMatch(/✔ Demo data \(.*there already\)/);
    expect(readFileSync(join(dataDir, 'demo.json'), 'utf8')).toBe(ids);
    expect(await readDemo(url)).toEqual(first);
    expect(readmeSession(new URL(url).host).data.me.name).toBe(first.name);
    expect((await runExamples(url)).length).toBeGreaterThanOrEqual(7);

    // Only npm is told this time, as by a service manager.
    command.kill('SIGINT');
    await waitFor(() => stillRunning(tree).length === 0, { timeoutMs: stopBudgetMs });
  }, 150_000);

  it('is stopped by a service that ends, and says which', async () => {
    const { output, tree, process: command } = await start();
    const victim = tree.find((pid) => commandOf(pid).includes('dist/gateway/main.js'));
    process.kill(victim as number, 'SIGKILL');
    await waitFor(() => stillRunning(tree).length === 0, { timeoutMs: stopBudgetMs });
    expect(output()).toContain('gateway ended unexpectedly (signal SIGKILL)');
    await waitFor(() => command.exitCode !== null);
    expect(command.exitCode).toBe(1);
  }, 150_000);
});
