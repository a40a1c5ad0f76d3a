/** Events on their way from a producer that can't be slowed down to a consumer that may be slow. */
export type EventQueue<T> = {
  /** Adds an event; false when the queue is full or has ended. */
  push(event: T): boolean;
  /** Ends the queue: the consumer still gets what is in it, then `error` if there is one. */
  end(error?: Error): void;
  /** What the consumer iterates. Returning from it calls `onReturn`, once. */
  events: AsyncGenerator<T, undefined, undefined>;
};

/** A queue of at most `limit` events that are waiting. */
export function createEventQueue<T>(limit: number, onReturn: () => void): EventQueue<T> {
  const waiting: T[] = [];
  let ended: { error?: Error | undefined } | undefined;
  let wake: (() => void) | undefined;
  let returned = false;

  const finish = () => {
    if (returned) return;
    returned = true;
    ended ??= {};
    waiting.length = 0;
    wake?.();
    onReturn();
  };

  async function* iterate(): AsyncGenerator<T, undefined, undefined> {
    try {
      while (!returned) {
        while (waiting.length > 0) yield waiting.shift() as T;
        if (ended?.error && !returned) throw ended.error;
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      return undefined;
    } finally {
      finish();
    }
  }

  const generator = iterate();
  const events: AsyncGenerator<T, undefined, undefined> = {
    next: () => generator.next(),
    throw: (error) => generator.throw(error),
    // A generator that waits inside doesn't return before its wait is over, so the wait is ended first.
    return: (value) => {
      finish();
      return generator.return(value);
    },
    [Symbol.asyncIterator]: () => events,
    [Symbol.asyncDispose]: async () => {
      await events.return(undefined);
    },
  };

  return {
    push(event) {
      if (ended || waiting.length >= limit) return false;
      waiting.push(event);
      wake?.();
      return true;
    },
    end(error) {
      if (ended) return;
      ended = { error };
      wake?.();
    },
    events,
  };
}
