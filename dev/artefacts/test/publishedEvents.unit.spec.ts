import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '#events/incompatibilities.ts';
import { continueLedger, parseLedger, renderLedger } from '../eventLedger.ts';
import { declaredEvents } from '../goldenEvents.ts';
import { readPublished, refuseChanges } from '../publishedEvents.ts';

const type = 'tasks.task.created.v1';
const withFields = (...names: string[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});
const optional = { ...withFields('a', 'b', 'c'), required: ['a', 'b'] };
const declared = (schema: JsonSchema) => new Map([[type, schema]]);

describe('a change of a published event', () => {
  let folder: string;
  const goldenFile = () => join(folder, `events/golden/${type}.json`);
  const ledgerFile = () => join(folder, 'events/published.txt');
  const write = (schema: JsonSchema) => writeFileSync(goldenFile(), JSON.stringify(schema));
  /** As `npm run generate` does when nothing is refused. */
  const publish = (schema: JsonSchema | null, accepted: string[] = []) => {
    if (schema) write(schema);
    else rmSync(goldenFile());
    const ledger = parseLedger(readFileSync(ledgerFile(), 'utf8'));
    const golden = new Map(schema ? [[type, JSON.stringify(schema)]] : []);
    writeFileSync(ledgerFile(), renderLedger(continueLedger(ledger, golden, accepted)));
  };
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  };
  const commit = () => {
    git('add', '.');
    git('commit', '--quiet', '--message', 'a change');
  };
  const check = async (next: ReadonlyMap<string, JsonSchema>, accepted?: string[]) =>
    refuseChanges(await readPublished(folder), next, accepted);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskgraph-golden-'));
    mkdirSync(join(folder, 'events/golden'), { recursive: true });
    writeFileSync(ledgerFile(), '');
    publish(withFields('a', 'b'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe('without a history', () => {
    it('is refused when it is incompatible with the file', async () => {
      expect(await check(declared(withFields('a', 'b')))).toEqual([]);
      expect(await check(declared(optional))).toEqual([]);
      expect(await check(declared(withFields('a')))).toEqual([`${type}: data.b is gone (published in events/golden)`]);
    });

    it('is refused when the file was edited by hand with it', async () => {
      write(withFields('a'));
      expect(await check(declared(withFields('a')))).toEqual([
        `${type}: events/golden/${type}.json was changed by hand`,
      ]);
    });

    it('is refused when the file is gone with it, or came without a line in the ledger', async () => {
      rmSync(goldenFile());
      expect(await check(new Map())).toEqual([`${type}: events/golden/${type}.json is gone`]);
      write(withFields('a'));
      writeFileSync(ledgerFile(), '');
      expect(await check(declared(withFields('a')))).toEqual([
        `${type}: events/golden/${type}.json is in no line of events/published.txt`,
      ]);
    });

    it('is refused when the type was withdrawn: data of it may be left', async () => {
      publish(null, [type]);
      expect(await check(new Map())).toEqual([]);
      write(withFields('a', 'b'));
      expect(await check(declared(withFields('a', 'b')))).toEqual([`${type}: it was withdrawn; take the next version`]);
    });
  });

  describe('in a repository', () => {
    beforeEach(() => {
      git('init', '--quiet');
      commit();
    });

    it('is refused though the file and its line were edited by hand', async () => {
      writeFileSync(ledgerFile(), '');
      publish(withFields('a'));
      const problems = await check(declared(withFields('a')));
      expect(problems).toContain(`${type}: data.b is gone (published in git's HEAD)`);
      expect(problems.join()).toContain('lines of events/published.txt were changed or taken away');
    });

    it('is refused though all of that was committed', async () => {
      writeFileSync(ledgerFile(), '');
      publish(withFields('a'));
      commit();
      const problems = (await check(declared(withFields('a')))).join();
      expect(problems).toContain('a schema of it is in no line of events/published.txt');
      expect(problems).toContain('lines of events/published.txt were changed or taken away');
    });

    it('is refused though a line was appended by hand, as that is not an accepted one', async () => {
      publish(withFields('a'));
      commit();
      const [first] = git('log', '--format=%H', '--reverse').split('\n');
      expect(await check(declared(withFields('a')))).toEqual([
        `${type}: data.b is gone (published in git's ${first?.slice(0, 10)})`,
      ]);
    });

    it('is refused when the event is no longer declared, also when its file and its line are gone', async () => {
      expect((await check(new Map())).join()).toContain('it is no longer declared');
      rmSync(goldenFile());
      writeFileSync(ledgerFile(), '');
      commit();
      expect((await check(new Map())).join()).toContain('it is no longer declared');
    });

    it('passes when it is compatible with every schema that was in force', async () => {
      publish(optional);
      commit();
      expect(await check(declared(optional))).toEqual([]);
      expect(await check(declared(withFields('a', 'b')))).toHaveLength(1);
    });

    it('passes from then on when its type is accepted by name', async () => {
      expect(await check(declared(withFields('a')), [type])).toEqual([]);
      expect(await check(declared(withFields('a')), ['tasks.task.updated.v1'])).toHaveLength(1);
      publish(withFields('a'), [type]);
      expect(await check(declared(withFields('a')))).toEqual([]);
      commit();
      expect(await check(declared(withFields('a')))).toEqual([]);
      publish(null, [type]);
      commit();
      expect(await check(new Map())).toEqual([]);
    });
  });

  it('is no change when the event is new', async () => {
    const next = new Map([...declared(withFields('a', 'b')), ['tasks.task.created.v2', withFields('c')]]);
    expect(await check(next)).toEqual([]);
  });
});

it('every event of this repository is compatible with what was ever published under its type', async () => {
  const { root } = await import('#platform/root.ts');
  expect(refuseChanges(await readPublished(root), declaredEvents())).toEqual([]);
});
