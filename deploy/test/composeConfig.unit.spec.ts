import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { callPairs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import { describeWith } from '#platform/testing/describeWith.ts';
import { parseEnvFile, renderEnvFile } from '../envFile.ts';
import { composeFile, readCompose } from './readCompose.ts';

const example = readFileSync(join(root, 'deploy/env.example'), 'utf8');
const envFile = renderEnvFile(example, callPairs);
const variables = parseEnvFile(envFile);

// Debian's docker-compose needs no engine for this.
describeWith('docker-compose', 'docker-compose config', () => {
  it.each([
    ['with an .env', envFile, variables],
    ['without one', '', {}],
  ])('reads the file as this test does, %s', (_, text, given) => {
    const folder = mkdtempSync(join(tmpdir(), 'taskgraph-compose-'));
    writeFileSync(join(folder, '.env'), text);
    const args = ['--env-file', join(folder, '.env'), '-f', composeFile, 'config'];
    const { PATH, HOME } = process.env;
    const rendered = parse(execFileSync('docker-compose', args, { cwd: root, env: { PATH, HOME }, encoding: 'utf8' }));
    rmSync(folder, { recursive: true });
    const expected = readCompose(given).services;
    expect(Object.keys(rendered.services).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { environment = {}, healthcheck, command }] of Object.entries(expected)) {
      expect(rendered.services[name].environment ?? {}).toEqual(environment);
      expect(rendered.services[name].healthcheck?.test).toEqual(healthcheck?.test);
      expect(rendered.services[name].command ?? undefined).toEqual(command);
    }
  });
});
