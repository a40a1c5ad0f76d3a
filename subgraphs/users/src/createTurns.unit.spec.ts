import { describe, expect, it } from '@jest/globals';
import { createTurns } from './createTurns.ts';

/** Work that is done when it is told so, and who is at it. */
function workplace(limits: { running: number; waiting: number; seconds?: number; now?: () => number }) {
  const turns = createTurns({ seconds: 60, ...limits });
  const begun: number[] = [];
  const finish = new Map<number, () => void>();
  let most = 0;
  const send = (id: number) =>
    turns
      .take(async () => {
        begun.push(id);
        await new Promise<void>((resolve) => finish.set(id, resolve));
        finish.delete(id);
        return `${id} done`;
      })
      .catch((error: { extensions: unknown }) => error.extensions);
  const settle = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, finish.size);
  };
  return {
    requireRoom: turns.requireRoom,
    send,
    begun,
    settle,
    most: () => most,
    /** Finishes all that has begun, until nothing is left. */
    async work() {
      for (await settle(); finish.size > 0; await settle()) finish.values().next().value?.();
    },
  };
}

describe('turns', () => {
  it.each([1, 3])('%i run at once and a hundred wait; the next is TOO_BUSY, with the time to wait', async (running) => {
    const place = workplace({ running, waiting: 100 });
    const taken = Array.from({ length: running + 100 }, (_, id) => place.send(id));
    await place.settle();
    expect(place.begun).toHaveLength(running);
    const refused = await Promise.all(Array.from({ length: 50 }, () => place.send(1_000)));
    const after = refused.map((refusal) => {
      expect(refusal).toEqual({ code: 'TOO_BUSY', retryAfter: expect.any(Number) });
      return (refusal as { retryAfter: number }).retryAfter;
    });
    const seconds = 2.5 / running;
    expect(Math.min(...after)).toBeGreaterThanOrEqual(Math.max(1, seconds));
    expect(Math.max(...after)).toBeLessThanOrEqual(2 * seconds + 0.1);
    // They don't come back together.
    expect(new Set(after).size).toBeGreaterThan(3);
    expect(place.requireRoom).toThrow(expect.objectContaining({ code: 'TOO_BUSY' }));
    await place.work();
    expect(place.requireRoom).not.toThrow();
    expect(await Promise.all(taken)).toEqual(taken.map((_, id) => `${id} done`));
    expect(place.most()).toBe(running);
    expect(place.begun).toEqual(taken.map((_, id) => id));
  });

  it('are free again when the queue has been worked off', async () => {
    const place = workplace({ running: 1, waiting: 1 });
    const first = [place.send(1), place.send(2)];
    await place.settle();
    expect(await place.send(3)).toMatchObject({ code: 'TOO_BUSY' });
    await place.work();
    await Promise.all(first);
    const later = place.send(4);
    await place.work();
    expect(await later).toBe('4 done');
  });

  it.each([
    [1, 20],
    [3, 59],
  ])('are refused to whom would wait longer than may be: with %i at once, after %i', async (running, most) => {
    const place = workplace({ running, waiting: 100, seconds: 0.49 });
    const taken = Array.from({ length: running + most }, (_, id) => place.send(id));
    await place.settle();
    expect(place.requireRoom).toThrow();
    expect(await place.send(1_000)).toEqual({ code: 'TOO_BUSY', retryAfter: 1 });
    await place.work();
    expect(await Promise.all(taken)).toEqual(taken.map((_, id) => `${id} done`));
    expect(place.requireRoom).not.toThrow();
  });

  it('are kept for fewer when they take longer', async () => {
    let time = 0;
    const place = workplace({ running: 1, waiting: 100, seconds: 3, now: () => time });
    for (let turn = 0; turn < 50; turn += 1) {
      const slow = place.send(turn);
      await place.settle();
      time += 1_000;
      await place.work();
      await slow;
    }
    const taken = Array.from({ length: 10 }, (_, id) => place.send(id));
    await place.work();
    const outcomes = await Promise.all(taken);
    expect(outcomes.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((id) => `${id} done`));
    expect(outcomes.slice(5)).toEqual(
      Array.from({ length: 5 }, () => ({ code: 'TOO_BUSY', retryAfter: expect.any(Number) })),
    );
  });

  it('come no more to whom has waited too long, and go to those who have not', async () => {
    let time = 0;
    const place = workplace({ running: 1, waiting: 100, seconds: 3, now: () => time });
    const [first, second, third] = [place.send(1), place.send(2), place.send(3)];
    await place.settle();
    time = 2_000;
    const fresh = place.send(4);
    time = 3_301;
    await place.work();
    expect(await first).toBe('1 done');
    for (const late of [second, third]) expect(await late).toMatchObject({ code: 'TOO_BUSY' });
    expect(await fresh).toBe('4 done');
    expect(place.begun).toEqual([1, 4]);
  });

  it('are handed on by work that fails', async () => {
    const turns = createTurns({ running: 1, waiting: 5, seconds: 60 });
    const failing = turns.take(() => Promise.reject(new Error('no')));
    const next = turns.take(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
