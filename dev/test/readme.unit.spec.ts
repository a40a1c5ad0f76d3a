import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { readSource } from '../architecture/readSource.ts';

const ignored = new Set(['node_modules', '.data', '.git', 'dist', 'coverage', 'client']);

/** Every Markdown file of the project, relative to its root. */
function pages(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return ignored.has(entry.name) ? [] : pages(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

/** The targets of a page's links that lead to files of the project. */
function linksOf(text: string): string[] {
  const withoutCode = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target));
}

describe('links between pages', () => {
  it.each(pages())('of %s lead to files that are there', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const missing = linksOf(text).filter(
      (target) => !existsSync(path.join(root, path.dirname(page), target.split('#')[0] as string)),
    );
    expect(missing).toEqual([]);
  });

  it('are found, and code is not taken for one', () => {
    expect(linksOf('[a](b.md) `[c](d.md)` [e](https://f) [g](h.md#i)')).toEqual(['b.md', 'h.md#i']);
  });
});

describe('the straight line of the README', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## The straight line'), readme.indexOf('## The house'));
  const steps = section
    .split(/^\d+\. /m)
    .slice(1)
    .map(linksOf);

  /** The file that this step links to, by the end of its path. */
  const at = (step: number, name: string): string => {
    const file = steps[step - 1]?.find((target) => target.endsWith(name));
    if (!file) throw new Error(`Step ${step} leads to ${steps[step - 1]?.join(', ')}, not to ${name}`);
    return file;
  };
  const importsOf = (file: string): string[] =>
    readSource(file, readFileSync(path.join(root, file), 'utf8')).imports.map(({ target }) => target);
  /** Whether a file imports another one, or imports one that does, and so on. */
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    for (const file of seen) {
      if (file === to) return true;
      if (file.endsWith('.ts') && existsSync(path.join(root, file))) for (const one of importsOf(file)) seen.add(one);
    }
    return false;
  };

  it('has eleven steps, each with files', () => {
    expect(steps).toHaveLength(11);
    for (const step of steps) {
      expect(step.length).toBeGreaterThan(0);
      for (const file of step) expect([file, statSync(path.join(root, file)).isFile()]).toEqual([file, true]);
    }
  });

  it('begins with the operation, which is a field of the schema and a file of that name', () => {
    expect(readFileSync(path.join(root, at(1, 'operations/tasks.graphql')), 'utf8')).toMatch(/\bcreateTask\(/);
    expect(readFileSync(path.join(root, 'schema/tasks.graphql'), 'utf8')).toMatch(/\bcreateTask\(/);
    expect(at(3, 'Mutation/createTask.ts')).toBe('subgraphs/tasks/src/resolvers/Mutation/createTask.ts');
  });

  it.each<[string, () => [from: string, to: string]]>([
    ['the resolver calls the command', () => [at(3, 'createTask.ts'), at(4, 'commands/createTask.ts')]],
    ['the command decides in the domain', () => [at(4, 'createTask.ts'), at(5, 'domain/task.ts')]],
    ['the command writes through the store', () => [at(4, 'createTask.ts'), at(6, 'store/tasks.ts')]],
    ['the command records the event', () => [at(4, 'createTask.ts'), at(8, 'events/tasks.ts')]],
    ['the outbox writes the event', () => ['platform/outbox/createOutbox.ts', at(6, 'appendEvents.ts')]],
    ['the outbox publishes it', () => ['platform/outbox/createOutbox.ts', at(7, 'fastPath.ts')]],
    ['the outbox sweeps', () => ['platform/outbox/createOutbox.ts', at(7, 'sweeper.ts')]],
    ['the consumer takes that event', () => [at(9, 'consumers/onTaskAssigned.ts'), at(8, 'events/tasks.ts')]],
    ['whoever handles a message records its id', () => ['platform/consumer/handleMessage.ts', at(9, 'inbox.ts')]],
  ])('%s', (_what, ends) => {
    const [from, to] = ends();
    expect(importsOf(from)).toContain(to);
  });

  it.each<[string, () => [from: string, to: string]]>([
    ['the gateway signs', () => [at(2, 'startGateway.ts'), at(2, 'signCall.ts')]],
    ['tasks serves the resolver', () => ['subgraphs/tasks/src/main.ts', at(3, 'createTask.ts')]],
    ['tasks has an outbox', () => ['subgraphs/tasks/src/main.ts', 'platform/outbox/createOutbox.ts']],
    ['notifications runs the consumer', () => ['subgraphs/notifications/src/main.ts', at(9, 'onTaskAssigned.ts')]],
    ['the consumer leads to the e-mail', () => [at(9, 'onTaskAssigned.ts'), at(10, 'sendNotificationEmail.ts')]],
    ['the consumer leads to the live hint', () => [at(9, 'onTaskAssigned.ts'), at(10, 'createLive.ts')]],
    ['the subscription listens to that', () => [at(11, 'notificationReceived.ts'), at(10, 'createLive.ts')]],
    ['the gateway carries it', () => [at(2, 'startGateway.ts'), at(11, 'openStream.ts')]],
  ])('%s, in the end', (_what, ends) => {
    const [from, to] = ends();
    expect([from, to, reaches(from, to)]).toEqual([from, to, true]);
  });
});

describe('the house of the README', () => {
  it('shows every top-level folder in its map', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const map = readme.slice(readme.indexOf('## The house'), readme.indexOf('## Adding a subgraph'));
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.has(entry.name))
      .map((entry) => entry.name);
    for (const folder of folders) expect(map).toContain(`[${folder}/]`);
  });
});
