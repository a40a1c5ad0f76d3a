import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { callPairs as pairs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';
import { parseEnvFile, renderEnvFile } from '../envFile.ts';

const example = readFileSync(join(root, 'deploy/env.example'), 'utf8');
const variables = parseEnvFile(renderEnvFile(example, pairs));

it('a .env keeps its secrets when it is written again, and gets those that are new', () => {
  const old: Record<string, string | undefined> = { ...variables, REDIS_PASSWORD: '', LOG_LEVEL: 'warn' };
  const added = parseEnvFile(renderEnvFile(example, [...pairs, 'users>tasks'], old));
  expect({ ...added, REDIS_PASSWORD: '' }).toEqual({
    ...old,
    USERS_CALL_KEYS: `${old.USERS_CALL_KEYS},${added.USERS_CALL_KEYS?.split(',').pop()}`,
    TASKS_CALL_KEYS: `${old.TASKS_CALL_KEYS},${added.USERS_CALL_KEYS?.split(',').pop()}`,
  });
  expect(added.USERS_CALL_KEYS).toMatch(/,users>tasks:[\w-]{43}$/);
  expect(added.REDIS_PASSWORD).toHaveLength(43);
  expect(renderEnvFile(example, pairs)).not.toContain(variables.REDIS_PASSWORD);
});
