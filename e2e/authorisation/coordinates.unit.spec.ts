import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { coordinatesOf, readCoordinates } from './coordinates.ts';
import { lackingRows } from './lackingRows.ts';
import { operations } from './operations.ts';
import { actors, table } from './table.ts';

const sdl = readFileSync(path.join(root, 'schema/tasks.graphql'), 'utf8');
const complete = Object.fromEntries(coordinatesOf('tasks', sdl).map(({ name }) => [name, 'ok']));
/** What a table that was complete lacks once this is added to the SDL. */
const lackingAfter = (change: (text: string) => string) => lackingRows(coordinatesOf('tasks', change(sdl)), complete);

describe('the table of access', () => {
  it('has a row for everything that the SDL has, and for nothing else', () => {
    expect(lackingRows(readCoordinates(), table)).toEqual({ missing: [], stale: [] });
  });

  it('has a cell for each actor, and names other rows that are there', () => {
    for (const [name, row] of Object.entries(table)) {
      if (row.startsWith('as ')) expect(table[row.slice('as '.length)]).not.toMatch(/^as /);
      else expect([name, row.split(' ').length]).toEqual([name, actors.length]);
    }
  });

  it('lets a suspended person nowhere', () => {
    for (const [name, row] of Object.entries(table)) {
      if (row.startsWith('as ')) continue;
      const refused = name.startsWith('Subscription.') ? '4403' : 'UNAUTHENTICATED';
      expect([name, row.split(' ')[actors.indexOf('suspended')]]).toEqual([name, refused]);
    }
  });

  it('says how each root field is tried', () => {
    const roots = readCoordinates().filter(({ kind }) => kind === 'root');
    expect(Object.keys(operations).sort()).toEqual(roots.map(({ name }) => name).sort());
  });
});

describe('a new field without a row', () => {
  it.each<[string, (text: string) => string, string]>([
    ['a query', (text) => text.replace('type Query {', 'type Query {\n  secrets: [String!]!'), 'Query.secrets'],
    ['a mutation', (text) => text.replace('type Mutation {', 'type Mutation {\n  burn: Boolean'), 'Mutation.burn'],
    ['one of an extension', (text) => `${text}\nextend type Query { hidden: Task }`, 'Query.hidden'],
    ['a subscription', (text) => `${text}\ntype Subscription { moved: Task }`, 'Subscription.moved'],
    [
      'one that returns an object',
      (text) => text.replace('viewerCanUpdate: Boolean!', 'viewerCanUpdate: Boolean!\n  parent: Task'),
      'Task.parent (tasks)',
    ],
    [
      'one that returns an interface',
      (text) => `${text}\ninterface Thing { id: ID! }\nextend type Task { thing: Thing }`,
      'Task.thing (tasks)',
    ],
    ['an entity', (text) => `${text}\ntype Label @key(fields: "id") { id: ID! }`, '_entities Label (tasks)'],
  ])('is noticed: %s', (_name, change, missing) => {
    expect(lackingAfter((text) => text)).toEqual({ missing: [], stale: [] });
    expect(lackingAfter(change)).toEqual({ missing: [missing], stale: [] });
  });

  it('and so is a row whose field is gone', () => {
    const lacking = lackingAfter((text) => text.replace('  task(id: ID!): Task', '  other: String'));
    expect(lacking).toEqual({ missing: ['Query.other'], stale: ['Query.task'] });
  });
});
