import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { writeLibrarySupergraph } from './support/library.ts';

const supergraph = writeLibrarySupergraph();
const operations = join(mkdtempSync(join(tmpdir(), 'explain-')), 'operations.graphql');
writeFileSync(operations, 'query Books { books { title author { name } } } query Shelf { shelf { name } }');

/** What the command writes, and what it ends with. The supergraph is that of the environment. */
function explain(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = ['run', '--silent', 'gateway', '--', 'explain', ...args];
  const env = { ...process.env, SUPERGRAPH: supergraph };
  return new Promise((resolve) =>
    execFile('npm', command, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    ),
  );
}

it('npm run gateway -- explain prints a plan, its fetches and whether it is compiled, and ends', async () => {
  const { code, stdout } = await explain(operations, '--operation', 'Books');
  expect(code).toBe(0);
  for (const part of ['Books\ncompiled', 'QueryPlan {', '1. books', '2. authors at books.@.author']) {
    expect(stdout).toContain(part);
  }
  expect(stdout).not.toContain('Shelf');
}, 30_000);

it('npm run gateway -- explain says in a sentence what is wrong, and fails', async () => {
  const { code, stdout, stderr } = await explain(operations, '--operation', 'Other');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('has no operation Other');
}, 30_000);
