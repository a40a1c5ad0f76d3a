/**
 * Waits, without a fixed sleep, until `condition` returns something truthy, and returns that; a throw means "not yet".
 * Not for assertions that return nothing: `waitFor(() => expect(x).toBe(1))` would never end, return the comparison.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 15 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, null | undefined | false | 0 | ''>> {
  const deadline = performance.now() + timeoutMs;
  // Made here, so that the stack leads to the test and not to a timer.
  const late = new Error();
  for (;;) {
    let outcome: string;
    try {
      const value = await condition();
      if (value) return value as Exclude<T, null | undefined | false | 0 | ''>;
      outcome = `the condition returned ${String(value)}`;
    } catch (error) {
      outcome = `the condition threw ${error instanceof Error ? error.message : String(error)}`;
      late.cause = error;
    }
    if (performance.now() > deadline) {
      late.message = `After ${timeoutMs} ms ${outcome}`;
      throw late;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
