/**
 * Awaits works that go on side by side. The first that fails aborts `failed`, which the others may heed; all are awaited
 * before it rejects with that first failure, so that nothing goes on behind the back of whoever cleans up.
 */
export async function together<T extends readonly unknown[]>(
  failed: AbortController,
  works: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  let first: { error: unknown } | undefined;
  const results = await Promise.allSettled(
    works.map((work) =>
      work.catch((error: unknown) => {
        first ??= { error };
        failed.abort();
        throw error;
      }),
    ),
  );
  if (first) throw first.error;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
