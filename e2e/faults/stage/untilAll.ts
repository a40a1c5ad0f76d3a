/**
 * Waits until `count` is at least `wanted`, for as long as it grows: how fast that goes is the machine's. Throws when it has not
 * grown for `stallMs` milliseconds.
 */
export async function untilAll(count: () => Promise<number>, wanted: number, stallMs = 60_000): Promise<void> {
  let most = Number.NEGATIVE_INFINITY;
  let grown = performance.now();
  for (;;) {
    const now = await count();
    if (now >= wanted) return;
    if (now > most) [most, grown] = [now, performance.now()];
    if (performance.now() - grown > stallMs) throw new Error(`${now} of ${wanted}, and no more for ${stallMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
