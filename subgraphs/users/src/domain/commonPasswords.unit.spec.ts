import { expect, it } from '@jest/globals';
import { isCommonPassword } from './commonPasswords.ts';

it.each([
  'password1234',
  'Password2024!',
  'P@ssw0rd1234',
  'QWERTYUIOP123',
  '4321drowssap',
  'iloveyou!!!!!',
  'correct horse battery staple',
  '123456789012',
  '098765432109',
  'abcdefghijkl',
  'zyxwvutsrqpo',
  'aaaaaaaaaaaa',
  'abcabcabcabcab',
  'ada.lovelace1815',
  'AdaLovelace-1815',
])('%s is tried first', (password) => {
  expect(isCommonPassword(password, ['ada.lovelace@example.com', 'Ada Lovelace'])).toBe(true);
});

it.each([
  'correct horse battery',
  'taskgraph-demo',
  'tr0ub4dor&3-and-more',
  '135792468135',
  'passwords are hard',
  'Ωmega-3-fatty',
])('%s is not', (password) => {
  expect(isCommonPassword(password, ['ada.lovelace@example.com', 'Ada Lovelace'])).toBe(false);
});
