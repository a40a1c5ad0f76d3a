import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { writeLibrarySupergraph } from '../../test/support/library.ts';
import { runExplain } from './runExplain.ts';

const supergraph = writeLibrarySupergraph();

function explain(text: string, ...args: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'explain-')), 'operation.graphql');
  writeFileSync(file, text);
  const printed: string[] = [];
  runExplain([file, ...args, '--supergraph', supergraph], '/nowhere', (line) => printed.push(line));
  return printed.join('\n');
}

const operations = `
  query Books($limit: Int) { books(limit: $limit) { title author { name } } }
  subscription Added { bookAdded { title author { name } } }
`;

it('prints the plan, its fetches, and whether it is compiled', () => {
  const text = explain(operations);
  for (const part of [
    'Books\ncompiled\n\nQueryPlan {',
    '1. books\n   query Books__books__0($limit:Int){books(limit:$limit)',
    '   variables: limit',
    '2. authors at books.@.author',
    '   requires: { ... on Author { __typename id } }',
    'Added\ncompiled',
    'Primary: {',
  ]) {
    expect(text).toContain(part);
  }
});

it('explains one of them, by its name', () => {
  expect(explain(operations, '--operation', 'Added')).not.toContain('Books');
});

it('says why a plan is not compiled', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const text = explain(`query(${names.map((name) => `$${name}: Boolean!`)}) {
    authors { ${names.map((name) => `${name}: id @skip(if: $${name})`).join(' ')} } }`);
  expect(text).toContain("not compiled (conditions): @apollo/gateway's executor runs it");
});

it.each([
  ['{ nothing }', [], 'Cannot query field "nothing"'],
  [operations, ['--operation', 'Other'], 'has no operation Other'],
  [operations, ['second.graphql'], 'explain <operation file>'],
] as const)('%s %j fails with a sentence', (text, args, message) => {
  expect(() => explain(text, ...args)).toThrow(message);
});
