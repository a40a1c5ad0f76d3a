import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { schemaPaths, writeMigration } from './writeMigration.ts';

let folder: string;
let paths: ReturnType<typeof schemaPaths>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prisma-'));
  cpSync(join(root, 'prisma/tasks/migrations'), join(folder, 'tasks/migrations'), { recursive: true });
  cpSync(join(root, 'prisma/tasks/schema.prisma'), join(folder, 'tasks/schema.prisma'));
  paths = schemaPaths('tasks', folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function change(from: string, to: string): void {
  const schema = readFileSync(paths.schema, 'utf8');
  expect(schema).toContain(from);
  writeFileSync(paths.schema, schema.replace(from, to));
}

const write = (title: string, now = new Date('2030-01-02T03:04:05Z')) =>
  writeMigration({ subgraph: 'tasks', title, folder }, now);

describe('db:diff', () => {
  it('writes what has changed since the last migration, and only that', async () => {
    change('number      Int', 'number      Int\n  labels      String[]');
    const migration = await write('add_labels');
    expect(migration?.name).toBe('20300102030405_add_labels');
    const file = join(paths.migrations, '20300102030405_add_labels/migration.sql');
    expect(readFileSync(file, 'utf8')).toBe('-- AlterTable\nALTER TABLE "task" ADD COLUMN     "labels" TEXT[];\n');
    expect(await write('again')).toBeNull();
    expect(existsSync(join(paths.migrations, '20300102030405_again'))).toBe(false);
  });

  it('comes after the newest migration even when the clock is behind, or two are written in a second', async () => {
    change('number      Int', 'number      Int\n  labels      String[]');
    expect((await write('one', new Date('2020-01-01T00:00:00Z')))?.name).toBe('20261120000101_one');
    change('  labels      String[]\n', '');
    expect((await write('two', new Date('2020-01-01T00:00:00Z')))?.name).toBe('20261120000102_two');
  });

  it('follows a change that needs no SQL', async () => {
    change('model Task {', '/// What has to be done.\nmodel Task {');
    expect(await write('comment')).toBeNull();
    expect(readFileSync(paths.migrated, 'utf8')).toBe(readFileSync(paths.schema, 'utf8'));
  });

  it('refuses a name that is no folder name, and a schema that is none', async () => {
    await expect(write('../up')).rejects.toThrow(/lower case/);
    change('number      Int', 'number      Integer');
    await expect(write('number')).rejects.toThrow(/"Integer" is neither a built-in type/);
  });
});
