import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClientIdClaim, claimClientId, isRepeat } from '#platform/database/clientIds.ts';
import { newId } from '#platform/ids.ts';
import { testBackbone } from '#platform/testing/testBackbone.ts';

let backbone: Awaited<ReturnType<typeof testBackbone>>;
beforeAll(async () => {
  backbone = await testBackbone();
});
afterAll(() => backbone.scope.close());

const claim = (more: { input?: unknown } = {}): ClientIdClaim => ({
  id: newId(),
  kind: 'thing',
  creatorId: newId(),
  input: { a: 1, b: [2] },
  ...more,
});
const claimIn = (one: ClientIdClaim) => backbone.prisma.$transaction((tx) => claimClientId(tx, one));

describe('claimClientId', () => {
  it('is new the first time and the same for a retry, whatever the order of its fields', async () => {
    const first = claim();
    expect(await claimIn(first)).toBe('new');
    expect(await claimIn({ ...first, input: { b: [2], a: 1 } })).toBe('same');
  });

  it('takes a field that is null for one that is left out, also further in', async () => {
    const first = claim({ input: { a: 1, b: null, c: [{ d: null }, null] } });
    expect(await claimIn(first)).toBe('new');
    expect(await claimIn({ ...first, input: { a: 1, c: [{}, null] } })).toBe('same');
    await expect(claimIn({ ...first, input: { a: 1, c: [{}] } })).rejects.toMatchObject({ code: 'ID_TAKEN' });
  });

  it.each([
    ['another creator', () => ({ creatorId: newId() })],
    ['another input', () => ({ input: { a: 1, b: [3] } })],
    ['another kind of thing', () => ({ kind: 'other' })],
  ])('is ID_TAKEN for %s', async (_name, change) => {
    const first = claim();
    await claimIn(first);
    await expect(claimIn({ ...first, ...change() })).rejects.toMatchObject({ extensions: { code: 'ID_TAKEN' } });
  });

  it('lets exactly one of several at once be new', async () => {
    const one = claim();
    const answers = await Promise.all(Array.from({ length: 8 }, () => claimIn(one)));
    expect(answers.filter((answer) => answer === 'new')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'same')).toHaveLength(7);
  });

  it('is free again when its transaction fails', async () => {
    const one = claim();
    const failing = backbone.prisma.$transaction(async (tx) => {
      await claimClientId(tx, one);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await claimIn(one)).toBe('new');
  });
});

describe('isRepeat', () => {
  it('is false for an id that nobody has claimed, and claims nothing', async () => {
    const one = claim();
    expect(await isRepeat(backbone.prisma, one)).toBe(false);
    expect(await claimIn(one)).toBe('new');
  });

  it('is true for the same again, and ID_TAKEN for anything else', async () => {
    const one = claim();
    await claimIn(one);
    expect(await isRepeat(backbone.prisma, one)).toBe(true);
    for (const change of [{ creatorId: newId() }, { input: {} }, { kind: 'other' }]) {
      await expect(isRepeat(backbone.prisma, { ...one, ...change })).rejects.toMatchObject({ code: 'ID_TAKEN' });
    }
  });
});
