/**
 * A check that asks a server and does not take an open connection for an answer: a frozen server keeps its connections. True
 * when `ask` has resolved within `deadlineMs`. Probes cost little: an answer is kept for `keptMs`, and who asks meanwhile shares it.
 */
export function probe(
  ask: () => Promise<unknown>,
  { deadlineMs = 500, keptMs = 1_000 }: { deadlineMs?: number; keptMs?: number } = {},
): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined;
  let answer: { value: boolean; at: number } | undefined;

  const asked = async (): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, deadlineMs, false);
    });
    try {
      const value = await Promise.race([ask().then(() => true), late]);
      answer = { value, at: performance.now() };
    } catch {
      answer = { value: false, at: performance.now() };
    } finally {
      clearTimeout(timer);
      asking = undefined;
    }
    return answer.value;
  };

  return async () => {
    if (answer && performance.now() - answer.at < keptMs) return answer.value;
    asking ??= asked();
    return asking;
  };
}
