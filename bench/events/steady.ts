/**
 * Calls at a steady rate, whatever becomes of the calls (an open loop): what is slow is not asked less. A timer that comes
 * late makes up for it. Resolves when every call has been settled, with how many there were and how many failed.
 */
export async function steadily(options: {
  perSecond: number;
  seconds: number;
  call: (index: number) => Promise<unknown>;
}): Promise<{ calls: number; failed: number }> {
  const { perSecond, seconds, call } = options;
  const total = Math.round(perSecond * seconds);
  const begin = performance.now();
  const calls: Promise<unknown>[] = [];
  let failed = 0;
  const count = () => {
    failed++;
  };
  while (calls.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * perSecond) + 1);
    while (calls.length < due) calls.push(call(calls.length).catch(count));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(calls);
  return { calls: total, failed };
}
