import { describe, expect, it } from '@jest/globals';
import { createTurns } from './createTurns.ts';

/** Work that is done when it is told so, and who is at it. */
function workplace(limits: { running: number; waiting: number }) {
  const turns = createTurns(limits);
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
    const refused = { code: 'TOO_BUSY', retryAfter: Math.ceil((100 * 0.05) / running) };
    expect(await place.send(1_000)).toEqual(refused);
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

  it('are handed on by work that fails', async () => {
    const turns = createTurns({ running: 1, waiting: 5 });
    const failing = turns.take(() => Promise.reject(new Error('no')));
    const next = turns.take(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
