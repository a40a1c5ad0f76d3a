import type { Logger } from 'pino';

/** Where a start pushes what it has to release: on the line after each acquisition. */
export type Scope = {
  /** Runs `dispose` when the scope closes, in reverse order. On a closed scope it runs at once. */
  defer(name: string, dispose: () => unknown): void;
  /** Aborted when the scope starts to close, before anything is released. */
  readonly signal: AbortSignal;
};

/** A scope and the right to close it. */
export type OwnedScope = Scope & { close(): Promise<void> };

/**
 * A scope that releases last-in first-out, each after the other has finished.
 * A disposer that fails is logged and the others still run; after `seconds` in all nothing is awaited any more.
 */
export function createScope({ log, seconds = 10 }: { log?: Pick<Logger, 'error'>; seconds?: number } = {}): OwnedScope {
  const stack: { name: string; dispose: () => unknown }[] = [];
  const controller = new AbortController();
  let closing: Promise<void> | undefined;

  const release = async ({ name, dispose }: { name: string; dispose: () => unknown }): Promise<void> => {
    try {
      await dispose();
    } catch (error) {
      log?.error({ err: error, disposer: name }, 'releasing failed');
    }
  };

  const closeAll = async () => {
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        late = true;
        resolve();
      }, seconds * 1000);
    });
    controller.abort();
    for (let item = stack.pop(); item; item = stack.pop()) {
      const released = release(item);
      if (late) continue;
      await Promise.race([released, deadline]);
      if (late) log?.error({ disposer: item.name }, `a stop may take ${seconds} s in all, and this has not ended`);
    }
    clearTimeout(timer);
  };

  return {
    signal: controller.signal,
    defer(name, dispose) {
      stack.push({ name, dispose });
      // A start that goes on while a stop is under way leaks nothing: what it acquires late is released right after.
      if (closing) closing = closing.then(closeAll);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
