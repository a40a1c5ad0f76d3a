import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { createFlows } from './flows.ts';

const key = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const flow = {
  ...{
    id: 'i',
    provider: 'p',
    state: 's',
    nonce: 'n',
    verifier: 'a verifier',
    returnTo: 'https://app.example/',
    expiresAt: 1,
  },
};

it('opens what was sealed under the same key, unchanged, and nothing else', () => {
  const master = key();
  const sealed = createFlows(master).seal(flow);
  expect(createFlows(master).open(sealed)).toEqual(flow);
  expect(createFlows(key()).open(sealed)).toBeNull();
  for (let at = 0; at < sealed.length - 1; at += 7) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(createFlows(master).open(changed)).toBeNull();
  }
  for (const text of ['', 'A', 'A'.repeat(38), 'A'.repeat(5_000), '{}'])
    expect(createFlows(master).open(text)).toBeNull();
});

it('says nothing of what is in it, never seals the same way twice, and fits into a cookie', () => {
  const flows = createFlows(key());
  const sealed = flows.seal(flow);
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('verifier');
  expect(flows.seal(flow)).not.toBe(sealed);
  const longest = { ...flow, returnTo: 'x'.repeat(1_000), link: { userId: 'u'.repeat(36), sessionId: 's'.repeat(36) } };
  expect(flows.seal({ ...longest, verifier: 'v'.repeat(43), state: 's'.repeat(43) }).length).toBeLessThan(2_500);
});
