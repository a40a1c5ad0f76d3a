/** How graphql-ws holds an operation whose answers it doesn't see: an iterator without items, which ends when it is told to. */
export type Pending = AsyncGenerator<never, undefined, undefined> & {
  complete(): void;
  fail(error: Error): void;
};

/** `onReturn` is called when the client has left. */
export function createPending(onReturn: () => void): Pending {
  const done: IteratorReturnResult<undefined> = { value: undefined, done: true };
  let settle: { resolve(result: typeof done): void; reject(error: Error): void };
  const end = new Promise<typeof done>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever has left doesn't hear of it.
  end.catch(() => {});
  const pending: Pending = {
    next: () => end,
    async return() {
      onReturn();
      settle.resolve(done);
      return done;
    },
    async throw(error) {
      onReturn();
      throw error;
    },
    complete: () => settle.resolve(done),
    fail: (error) => settle.reject(error),
    [Symbol.asyncIterator]: () => pending,
    async [Symbol.asyncDispose]() {
      await pending.return(undefined);
    },
  };
  return pending;
}
