import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { subgraphs } from '#dev/subgraphs.ts';
import { root } from '../root.ts';
import { backboneMigrations, lackingBackbone } from './backboneMigrations.ts';
import { migrate } from './migrate.ts';
import { listMigrationNames } from './migrationFiles.ts';

it.each(subgraphs)('%s has every backbone migration, and none that is not in the list', async (name) => {
  const names = await listMigrationNames(join(root, 'prisma', name, 'migrations'));
  expect(names.filter((one) => /^\d{14}_backbone/.test(one))).toEqual(backboneMigrations);
});

it('names what is lacking', () => {
  expect(lackingBackbone(backboneMigrations)).toEqual([]);
  expect(lackingBackbone(['20261120000100_init', ...backboneMigrations.slice(1)])).toEqual(['20261120000000_backbone']);
});

it.each(['apply', 'check'] as const)(
  'one that is missing stops the start, before the database is asked (%s)',
  async (mode) => {
    const log = { info: () => {}, warn: () => {} };
    const started = migrate({ url: 'postgresql://127.0.0.1:1/none', name: 'nowhere', mode, log });
    await expect(started).rejects.toThrow(
      /prisma\/nowhere\/migrations lacks 20261120000000_backbone, .*: npm run db:diff -- nowhere init copies them/,
    );
  },
);
