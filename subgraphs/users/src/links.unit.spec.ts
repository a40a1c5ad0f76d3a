import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { createLinks } from './links.ts';

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const links = createLinks(newKey());
const subject = { id: newId(), issue: 3 };
const token = links.sign('invitation', subject);

describe('a signed link', () => {
  it('is read back, by every process that has the key', () => {
    const key = newKey();
    expect(createLinks(key).read('invitation', createLinks(key).sign('invitation', subject))).toEqual(subject);
    expect(token).toMatch(/^[\w-]{70}$/);
  });

  it.each<[string, string, string]>([
    ['for another purpose', 'password', token],
    ['of another key', 'invitation', createLinks(newKey()).sign('invitation', subject)],
    ['with another id', 'invitation', `B${token.slice(1)}`],
    ['with another issue', 'invitation', `${token.slice(0, 26)}A${token.slice(27)}`],
    ['with another signature', 'invitation', `${token.slice(0, -8)}AAAAAAAA`],
    ['cut off', 'invitation', token.slice(0, 40)],
    ['too long', 'invitation', `${token}${token}`],
    ['empty', 'invitation', ''],
    ['of other characters', 'invitation', '☃'.repeat(70)],
  ])('is none %s', (_name, purpose, text) => {
    expect(links.read(purpose, text)).toBeNull();
  });
});
