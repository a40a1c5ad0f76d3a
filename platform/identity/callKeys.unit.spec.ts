import { describe, expect, it } from '@jest/globals';
import { callKeysProblems, parseCallKeys } from './callKeys.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64url');

describe('parseCallKeys', () => {
  it('keeps one key for each direction of a pair', () => {
    const keys = parseCallKeys(`gateway>users:${key(1)}, tasks>users:${key(2)}`, true);
    expect(keys.get('gateway', 'users').export()).toEqual(Buffer.alloc(32, 1));
    expect(keys.get('tasks', 'users').export()).toEqual(Buffer.alloc(32, 2));
    expect(keys.has('users', 'gateway')).toBe(false);
    expect(() => keys.get('users', 'gateway')).toThrow('CALL_KEYS has no key for users>gateway');
  });

  it('derives a different key for each direction in development', () => {
    const keys = parseCallKeys(undefined, false);
    const exported = [keys.get('a', 'b'), keys.get('b', 'a'), keys.get('a', 'c')].map((one) =>
      one.export().toString('hex'),
    );
    expect(new Set(exported).size).toBe(3);
    expect(parseCallKeys('', false).get('a', 'b').export().toString('hex')).toBe(exported[0]);
  });

  it('has no keys of its own in production', () => {
    expect(() => parseCallKeys(undefined, true)).toThrow('CALL_KEYS is required in production');
  });

  it.each([
    [`gateway-users:${key(1)}`, 'entry 1 is not'],
    [`gateway>users:${key(1)}=`, 'entry 1 is not'],
    [`gateway>users:${key(1).slice(1)}`, 'entry 1 is not'],
    [`gateway>users:${key(1)},`, 'entry 2 is not'],
    [`gateway>users:${key(1)},gateway>users:${key(2)}`, 'gateway>users is given twice'],
  ])('refuses %s', (text, problem) => {
    expect(callKeysProblems(text).join()).toContain(problem);
    expect(callKeysProblems(text).join()).not.toContain(key(1).slice(1));
    expect(() => parseCallKeys(text, false)).toThrow('CALL_KEYS');
  });
});
