import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { effect, type Fixture, projection, startFixture } from '#platform/consumer/test/fixture.ts';
import { newId } from '#platform/ids.ts';
import { root } from '#platform/root.ts';
import { createScope } from '#platform/service/scope.ts';
import { freePort, waitFor } from '#platform/testing/index.ts';
import { runCommand } from '../runCommand.ts';
import type { Targets } from '../targets.ts';

let test: Fixture;
let poisonous: boolean;
beforeEach(async () => {
  test = await startFixture();
  poisonous = true;
});
afterEach(() => test.scope.close());

const targets = (): Targets => ({ databases: new Map([['tasks', test.database.url]]), nats: test.natsServer.url });

/** Runs a command as the shell would: its exit code and what it printed. */
async function events(
  args: string,
  more: { targets?: () => Targets; signal?: AbortSignal; onLine?: (text: string) => unknown } = {},
) {
  const scope = createScope();
  const lines: string[] = [];
  const output = {
    line(text = '') {
      lines.push(...text.split('\n'));
      more.onLine?.(text);
    },
  };
  const signal = more.signal ?? new AbortController().signal;
  const code = await runCommand(args.split(' '), { targets: more.targets ?? targets, scope, output, signal });
  await scope.close();
  return { code, lines, text: lines.join('\n') };
}

const failing = () =>
  effect({
    fail(name) {
      if (name === 'poison' && poisonous) throw new TypeError('cannot be\nhandled');
    },
  });

/** A consumer with one dead letter; returns the event's id. */
async function poisoned(): Promise<string> {
  test.run([failing(), projection]);
  await test.commit('poison', 'a');
  await waitFor(async () => (await test.letters('test-effect')) === 1);
  return (await test.letter('test-effect')).event_id;
}

describe('dead', () => {
  it('list and show tell what was put aside', async () => {
    expect(await events('dead list')).toMatchObject({ code: 0, lines: ['No dead letters.'] });
    const id = await poisoned();
    const { code, lines } = await events('dead list --subgraph tasks --consumer test-effect');
    expect(code).toBe(0);
    expect(lines[1]).toMatch(
      new RegExp(`^${id} +tasks +test-effect +tasks.thing.changed.v1 +5 .*TypeError: cannot be handled$`),
    );
    const shown = await events(`dead show ${id}`);
    expect(shown.text).toContain('consumer  test-effect (tasks)');
    expect(shown.text).toContain('reason    TypeError: cannot be\n          handled');
    expect(shown.text).toContain('"name": "poison"');
  });

  it('replay waits for the effect, and says when it failed again', async () => {
    const id = await poisoned();
    const failed = await events(`dead replay ${id}`);
    expect(failed).toMatchObject({
      code: 1,
      lines: [`${id}  test-effect  failed again: TypeError: cannot be handled`],
    });
    poisonous = false;
    expect(await events('dead replay --all')).toMatchObject({ code: 0, lines: [`${id}  test-effect  handled`] });
    expect(await test.count("effect where name = 'poison'")).toBe(1);
    expect(await test.letters('test-effect')).toBe(0);
    expect(await events(`dead replay ${id}`)).toMatchObject({ code: 2 });
  }, 20_000);

  it('replay without a worker stays marked', async () => {
    const id = newId();
    await test.rows(`insert into backbone.dead_letter values ('test-effect', $1, '{}', 'no', 5, now(), now())`, id);
    const { code, text } = await events(`dead replay ${id} --timeout 0.3`);
    expect([code, text]).toEqual([1, expect.stringContaining('a worker of tasks will have it')]);
    expect((await test.letter('test-effect')).replay_at).toBeInstanceOf(Date);
    expect((await events(`dead discard ${id}`)).text).toContain('it is being replayed');
    expect(await test.letters('test-effect')).toBe(1);
  });

  it('discard prints what it takes away', async () => {
    const id = await poisoned();
    const { code, text } = await events(`dead discard ${id}`);
    expect(code).toBe(0);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ id, data: { thing: { name: 'poison' } } });
    expect(await test.letters('test-effect')).toBe(0);
    expect(await test.count("effect where name = 'poison'")).toBe(0);
  });

  it.each([
    ['dead show 123', '123 is no event id'],
    [`dead show ${newId()}`, 'There is no dead letter of the event'],
    [`dead discard ${newId()}`, 'There is no dead letter of the event'],
    ['dead replay --consumer nobody', 'There is no dead letter of nobody in tasks'],
    ['dead replay', 'Name an event id'],
    ['dead discard', 'Name an event id'],
    ['dead bury', 'dead list, show, replay or discard'],
    ['dead list --subgraph nowhere', 'There is no subgraph nowhere'],
    ['dead list --what', "Unknown option '--what'"],
    [`dead replay ${newId()} --timeout soon`, '--timeout takes a number above 0'],
    ['rebuild', 'Name the state consumer'],
    ['rebuild nobody', 'There is no consumer nobody. State consumers: none'],
    ['tail --since yesterday', 'yesterday is no duration'],
    ['tail --subject nowhere.>', 'There is no stream nowhere'],
    ['dig', 'There is no command dig'],
  ])('and the others refuse `%s`', async (args, reason) => {
    const { code, text } = await events(args);
    expect([code, text]).toEqual([2, expect.stringContaining(reason)]);
  });
});

describe('rebuild', () => {
  it('follows the rebuild until it is done', async () => {
    test.run([projection, effect()]);
    await test.commit('a', 'b');
    await waitFor(async () => (await test.count('thing')) === 2);
    await test.rows("update thing set name = 'wrong'");
    const { code, lines } = await events('rebuild test-projection');
    expect(code).toBe(0);
    expect(lines[0]).toBe("test-projection: thing is fenced and will be made anew from tasks's history");
    expect(lines.at(-1)).toBe('test-projection: rebuilt');
    expect(await test.rows('select name from thing order by 1')).toEqual([{ name: 'a' }, { name: 'b' }]);
    const refused = await events('rebuild test-effect');
    expect([refused.code, refused.text]).toEqual([
      2,
      expect.stringContaining('is a fact consumer: it is never rebuilt'),
    ]);
  }, 30_000);

  it('can be asked for only, and waits for a worker', async () => {
    const { stop } = test.run([projection]);
    await waitFor(async () => (await test.count('backbone.consumer')) === 1);
    await stop();
    expect((await events('rebuild test-projection --no-wait')).code).toBe(0);
    await test.rows("update backbone.rebuild set requested_at = now() - interval '1 minute'");
    const stopping = new AbortController();
    const { lines } = await events('rebuild test-projection', {
      signal: stopping.signal,
      // Ctrl-C, once it has said what it waits for.
      onLine: (text) => text.includes('waits for a worker') && stopping.abort(),
    });
    expect(lines).toEqual([
      'test-projection: a rebuild is under way already',
      'test-projection: requested, 0 events republished; waits for a worker of tasks',
      'test-projection: it goes on without this command',
    ]);
  });
});

describe('tail', () => {
  it('prints what was published since then, and leaves nothing on the server', async () => {
    await test.commit('a', 'b');
    await waitFor(async () => (await test.count('backbone.outbox')) === 0);
    const { code, lines } = await events('tail --since 10m --count 2');
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^\d{4}-.*Z {2}tasks\.thing\.changed\.v1 {2}[0-9a-f-]{36} {2}version 1 {2}\{"thing":\{"name":"[ab]"\}\}$/,
    );
    expect(await test.nats.manager()?.consumers.list('tasks').next()).toEqual([]);
  });

  it('follows a subject from now on, as whole envelopes', async () => {
    await test.commit('before');
    await waitFor(async () => (await test.count('backbone.outbox')) === 0);
    const following = events('tail --subject tasks.thing.*.changed --json --count 1');
    await waitFor(async () => (await test.nats.manager()?.consumers.list('tasks').next())?.length === 1);
    await test.commit('after');
    const { lines } = await following;
    expect(JSON.parse(lines[0] as string)).toMatchObject({ specversion: '1.0', data: { thing: { name: 'after' } } });
  });

  it('ends when it is interrupted', async () => {
    const stopping = new AbortController();
    const following = events('tail', { signal: stopping.signal });
    await waitFor(async () => (await test.nats.manager()?.consumers.list('tasks').next())?.length === 1);
    stopping.abort();
    expect(await following).toMatchObject({ code: 0, lines: [] });
  });
});

describe('lag', () => {
  it('tells how far consumers and outboxes are behind', async () => {
    const { stop } = test.run([failing(), projection]);
    await test.commit('poison');
    await waitFor(async () => (await test.letters('test-effect')) === 1);
    await stop();
    await test.commit('a', 'b');
    await waitFor(async () => (await test.count('backbone.outbox')) === 0);
    const { code, text } = await events('lag');
    expect(code).toBe(0);
    expect(text).toMatch(/test-effect +tasks +fact +tasks +2 +0 +\d.* s +1 +/);
    expect(text).toMatch(/test-projection +tasks +state +tasks +2 +0 /);
    expect(text).toMatch(/tasks +0 +0 s$/);
    const json = JSON.parse((await events('lag --json')).text);
    expect(json.consumers[0]).toMatchObject({ name: 'test-effect', letters: 1, lag: { pending: 2, ackPending: 0 } });
    expect(json.outboxes).toEqual([{ subgraph: 'tasks', events: 0, oldestSeconds: 0 }]);
  }, 20_000);

  it('names consumers that nobody runs', async () => {
    await test.nats.manager()?.consumers.add('tasks', { durable_name: 'gone', ack_policy: 'explicit' });
    expect((await events('lag')).text).toContain('No subgraph here runs tasks/gone');
  });

  it('tells what Postgres knows when NATS is away, and fails', async () => {
    await test.natsServer.kill();
    await test.commit('a');
    const { code, text } = await events('lag');
    expect(code).toBe(1);
    expect(text).toMatch(/tasks +1 +\d/);
    expect(text).toContain("NATS can't be reached");
  });

  it('says which database is away', async () => {
    const url = `postgresql://x:x@127.0.0.1:${await freePort()}/x`;
    const { code, text } = await events('lag', {
      targets: () => ({ ...targets(), databases: new Map([['tasks', url]]) }),
    });
    expect([code, text]).toEqual([1, expect.stringMatching(/^The database of tasks can't be reached: .*ECONNREFUSED/)]);
  });
});

it('runs as the bundle of the image, told by its environment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'taskgraph-events-'));
  try {
    // As `npm run build:events`, where it can find the packages.
    const file = join(root, 'dist', `events-test-${process.pid}.mjs`);
    await build({
      absWorkingDir: root,
      entryPoints: ['dev/events/main.ts'],
      outfile: file,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    });
    const run = (env: NodeJS.ProcessEnv, ...args: string[]) =>
      promisify(execFile)(process.execPath, [file, ...args], {
        env: { PATH: process.env.PATH, DATA_DIR: folder, ...env },
      }).catch((error: { code: number; stdout: string }) => error);
    const env = { SERVICE: 'tasks', DATABASE_URL: test.database.url, NATS_URL: test.natsServer.url };
    expect((await run(env, 'dead', 'list')).stdout).toBe('No dead letters.\n');
    expect(await run(env, 'dead', 'show', newId())).toMatchObject({ code: 2 });
    expect(await run({}, 'lag')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('There is no local system'),
    });
    rmSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);
