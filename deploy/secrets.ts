import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callPairs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import { parseEnvFile, renderEnvFile } from './envFile.ts';

/**
 * `npm run deploy:secrets -- .env` writes a .env with fresh secrets that only its owner may read, and keeps what the file
 * has already: after an update, or for a new subgraph. Without a name it is printed.
 */
const [file] = process.argv.slice(2);
const template = readFileSync(join(root, 'deploy/env.example'), 'utf8');
const known = file && existsSync(file) ? parseEnvFile(readFileSync(file, 'utf8')) : {};
const text = renderEnvFile(template, callPairs, known);
if (file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  console.log(`${file} has its secrets`);
} else {
  process.stdout.write(text);
}
