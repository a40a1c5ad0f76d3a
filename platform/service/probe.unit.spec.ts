import { expect, it } from '@jest/globals';
import { probe } from './probe.ts';

it('asks once for all who want to know at a time, and keeps the answer for a while', async () => {
  let asked = 0;
  const check = probe(async () => void asked++);
  expect(await Promise.all([check(), check()])).toEqual([true, true]);
  expect(await check()).toBe(true);
  expect(asked).toBe(1);

  const forgetful = probe(async () => void asked++, { keptMs: 0 });
  await forgetful();
  await forgetful();
  expect(asked).toBe(3);
});

it('takes silence and failure for a no, and asks again', async () => {
  const answers = [() => new Promise(() => {}), () => Promise.reject(new Error('gone')), () => Promise.resolve()];
  const check = probe(() => (answers.shift() as () => Promise<unknown>)(), { deadlineMs: 20, keptMs: 0 });
  expect([await check(), await check(), await check()]).toEqual([false, false, true]);
});

it('takes an ask that throws at once for a no', async () => {
  const check = probe(() => {
    throw new Error('not connected');
  });
  expect(await check()).toBe(false);
});
