import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { callKeysOf, loadSecrets } from '../secrets.ts';
import { callPairs } from '../subgraphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-secrets-'));
const file = join(folder, 'deep/secrets.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is for its owner only, also after somebody has opened it', () => {
  loadSecrets(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  loadSecrets(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('stays the same, and gets what a new subgraph needs, and loses what nobody does', () => {
  const before = loadSecrets(file);
  expect(loadSecrets(file)).toEqual(before);
  const { 'gateway>tasks': _, ...others } = before.callKeys;
  const unneeded = { 'tasks>comments': others['gateway>users'] };
  writeFileSync(file, JSON.stringify({ ...before, callKeys: { ...others, ...unneeded } }));
  const after = loadSecrets(file);
  expect(after.callKeys).toMatchObject(others);
  expect(after.callKeys['gateway>tasks']).toMatch(/^[\w-]{43}$/);
  expect(after.callKeys['tasks>comments']).toBeUndefined();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(after);
});

it('holds an access token key on P-256, and hands each service only the keys of the calls that it makes or answers', () => {
  const secrets = loadSecrets(file);
  expect(createPrivateKey(secrets.accessTokenKey).asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  const keys = parseCallKeys(callKeysOf(secrets, 'comments'), true);
  expect(keys.has('gateway', 'comments')).toBe(true);
  expect(keys.has('comments', 'tasks')).toBe(true);
  expect(keys.has('gateway', 'tasks')).toBe(false);
  // Nobody but the gateway calls notifications, and comments asks nothing of it.
  expect(keys.has('comments', 'notifications')).toBe(false);
  expect(Object.keys(secrets.callKeys).sort()).toEqual([...callPairs].sort());
});
