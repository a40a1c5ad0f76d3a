import { describe, expect, it } from '@jest/globals';
import { newId } from '../src/newId.ts';

describe('newId', () => {
  it('is a UUIDv7 that begins with the milliseconds', () => {
    // The example of RFC 9562, A.6: 2022-02-22T19:22:22.000Z.
    expect(newId(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is another one each time, later ones after earlier ones', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => newId(1_700_000_000_000 + n));
    expect(new Set(ids).size).toBe(1000);
    expect([...ids].sort()).toEqual(ids);
  });
});
