import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { root } from '#platform/root.ts';
import { testServers } from '#platform/testing/testServers.ts';
import { allowedDifferences } from '#prisma/allowedDifferences.ts';
import { type SubgraphName, subgraphs } from '../subgraphs.ts';
import { checkSchema } from './checkSchema.ts';
import { schemaPaths } from './writeMigration.ts';

jest.setTimeout(30_000);

const check = (subgraph: SubgraphName, options: { folder?: string; allowed?: typeof allowed } = {}) =>
  checkSchema({ adminUrl: testServers().postgres, subgraph, allowed: allowedOf(subgraph), ...options });

const allowedOf = (subgraph: string) => allowedDifferences[subgraph] ?? [];
const allowed = allowedOf('notifications');

it.each(subgraphs)('the migrations of %s build what its schema.prisma says', async (subgraph) => {
  expect(await check(subgraph)).toEqual([]);
});

it('every entry of the list of differences names a subgraph', () => {
  expect(subgraphs).toEqual(expect.arrayContaining(Object.keys(allowedDifferences)));
});

describe('it notices', () => {
  let folder: string;
  let paths: ReturnType<typeof schemaPaths>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prisma-'));
    cpSync(join(root, 'prisma/notifications'), join(folder, 'notifications'), { recursive: true });
    paths = schemaPaths('notifications', folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      'a wider column',
      'title       String           @db.VarChar(700)',
      'title       String           @db.VarChar(800)',
      'column notification.title',
    ],
    ['a nullable column', 'actorId     String? ', 'actorId     String ', 'column notification.actor_id'],
    [
      'a default',
      '@default(0) @map("last_sequence")',
      '@default(1) @map("last_sequence")',
      'column feed.last_sequence',
    ],
    ['an enum value', '  CLAIMED\n', '  TAKEN\n', 'enum email_state'],
    ['an index', '@@index([state, dueAt])', '', 'index email_delivery_state_due_at_idx'],
    ['a unique constraint', '@@unique([eventId, recipientId])', '', 'index notification_event_id_recipient_id_key'],
    [
      'a foreign key',
      'references: [id])',
      'references: [id], onDelete: Cascade)',
      'constraint email_delivery.email_delivery_notification_id_fkey',
    ],
  ])('%s that only schema.prisma has', async (_what, from, to, object) => {
    const schema = readFileSync(paths.schema, 'utf8');
    expect(schema).toContain(from);
    writeFileSync(paths.schema, schema.replace(from, to));
    const problems = await check('notifications', { folder });
    expect(problems[0]).toMatch(/schema\.prisma has changes without a migration: npm run db:diff -- notifications/);
    expect(problems.slice(1).map((problem) => problem.split(': ')[0])).toContain(object);
  });

  it('a change that the copy beside the migrations hides', async () => {
    const schema = readFileSync(paths.schema, 'utf8').replace('@@index([state, dueAt])', '');
    writeFileSync(paths.schema, schema);
    writeFileSync(paths.migrated, schema);
    expect(await check('notifications', { folder })).toEqual([
      expect.stringMatching(/^index email_delivery_state_due_at_idx: the migrations build CREATE INDEX .*means none$/),
    ]);
  });

  it.each([
    ['table', 'CREATE TABLE extra (id int)', ['column extra.id', 'table extra']],
    ['check', 'ALTER TABLE feed ADD CHECK (last_sequence >= 0)', ['constraint feed.feed_last_sequence_check']],
    [
      'trigger',
      'CREATE TRIGGER t BEFORE UPDATE ON feed FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
      ['trigger feed.t'],
    ],
    ['function', "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", ['function f()']],
    ['view', 'CREATE VIEW v AS SELECT 1 AS one', ['view v']],
  ])('a %s that only a migration makes', async (_kind, sql, objects) => {
    appendFileSync(join(paths.migrations, '20261120000100_init/migration.sql'), `\n${sql};\n`);
    const problems = await check('notifications', { folder });
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual(objects);
  });

  it('an allowed difference that is none (any more), or has another definition', async () => {
    const [entry] = allowed;
    if (!entry) throw new Error('notifications has one');
    const other = { ...entry, object: 'index another_idx' };
    expect(await check('notifications', { allowed: [...allowed, other] })).toEqual([
      "index another_idx: prisma/allowedDifferences.ts allows a difference that isn't there (any more)",
    ]);
    expect(await check('notifications', { allowed: [{ ...entry, migrations: 'CREATE INDEX else' }] })).toHaveLength(2);
    expect(await check('notifications', { allowed: [] })).toHaveLength(1);
  });
});
