import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '#events/incompatibilities.ts';
import { declaredEvents } from '../goldenEvents.ts';
import { readPublishedEvents, refuseChanges } from '../publishedEvents.ts';

const type = 'tasks.task.created.v1';
const withFields = (...names: string[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});
const declared = (schema: JsonSchema) => new Map([[type, schema]]);

describe('a change of a published event', () => {
  let folder: string;
  const write = (schema: JsonSchema) =>
    writeFileSync(join(folder, `events/golden/${type}.json`), JSON.stringify(schema));
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
  };
  const check = async (next: ReadonlyMap<string, JsonSchema>, accepted?: string[]) =>
    refuseChanges(await readPublishedEvents(folder), next, accepted);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskgraph-golden-'));
    mkdirSync(join(folder, 'events/golden'), { recursive: true });
    write(withFields('a', 'b'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is refused when it is incompatible with the file', async () => {
    expect(await check(declared(withFields('a', 'b')))).toEqual([]);
    expect(await check(declared(withFields('a')))).toEqual([`${type}: data.b is gone (published in events/golden)`]);
  });

  it("is refused when it is incompatible with git's HEAD, though the file was edited by hand", async () => {
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    write(withFields('a'));
    expect(await check(declared(withFields('a')))).toEqual([`${type}: data.b is gone (published in git's HEAD)`]);
  });

  it('is refused when the event is no longer declared, also when its file is gone', async () => {
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    expect(await check(new Map())).toEqual([`${type}: it is no longer declared (published in git's HEAD)`]);
    rmSync(join(folder, `events/golden/${type}.json`));
    expect(await check(new Map())).toEqual([`${type}: it is no longer declared (published in git's HEAD)`]);
  });

  it('passes when its type is accepted by name', async () => {
    expect(await check(declared(withFields('a')), [type])).toEqual([]);
    expect(await check(declared(withFields('a')), ['tasks.task.updated.v1'])).toHaveLength(1);
  });

  it('is no change when the event is new', async () => {
    const next = new Map([...declared(withFields('a', 'b')), ['tasks.task.created.v2', withFields('c')]]);
    expect(await check(next)).toEqual([]);
  });
});

it('every event of this repository is compatible with its golden file', async () => {
  const { root } = await import('#platform/root.ts');
  expect(refuseChanges(await readPublishedEvents(root), declaredEvents())).toEqual([]);
});
