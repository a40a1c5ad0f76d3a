import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backboneMigrations } from '#platform/database/backboneMigrations.ts';
import { listMigrationNames } from '#platform/database/migrationFiles.ts';
import { root } from '#platform/root.ts';
import { copyBackbone, schemaPaths, writeMigration } from './writeMigration.ts';

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
    const newest = BigInt((await listMigrationNames(paths.migrations)).at(-1)?.slice(0, 14) ?? 0);
    expect((await write('one', new Date('2020-01-01T00:00:00Z')))?.name).toBe(`${newest + 1n}_one`);
    change('  labels      String[]\n', '');
    expect((await write('two', new Date('2020-01-01T00:00:00Z')))?.name).toBe(`${newest + 2n}_two`);
  });

  it('gives a new subgraph the backbone first, under its names, then its own first migration', async () => {
    const labels = schemaPaths('labels', folder);
    mkdirSync(join(folder, 'labels'));
    cpSync(paths.schema, labels.schema);
    const backbone = await copyBackbone({ subgraph: 'labels', folder });
    expect(backbone).toEqual({ from: 'tasks', names: backboneMigrations });
    const first = await writeMigration({ subgraph: 'labels', title: 'init', folder });
    expect(first?.sql).toContain('CREATE TABLE "task"');
    expect(await listMigrationNames(labels.migrations)).toEqual([...backboneMigrations, first?.name]);
    for (const name of [...backboneMigrations.map((one) => `${one}/migration.sql`), 'migration_lock.toml']) {
      expect(readFileSync(join(labels.migrations, name))).toEqual(readFileSync(join(paths.migrations, name)));
    }
    expect(await copyBackbone({ subgraph: 'labels', folder })).toBeNull();
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
