import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';

/**
 * A context that holds as long as a call does, and is gone in whatever comes after a wait. Where traces are handed on by hand
 * (resumeTrace in trace.ts) that is all it takes; following them through promises (AsyncLocalStorage) costs a hook in each of them
 * on Node 20, a fifth of a small request's CPU.
 */
export function createCallContexts(): ContextManager {
  let current: Context = ROOT_CONTEXT;

  const contexts: ContextManager = {
    active: () => current,
    with(context, work, self, ...args) {
      const before = current;
      current = context;
      try {
        return work.call(self as never, ...args);
      } finally {
        current = before;
      }
    },
    bind(context, target) {
      if (typeof target !== 'function') return target;
      const bound = function (this: unknown, ...args: unknown[]) {
        return contexts.with(context, () => target.apply(this, args));
      };
      return bound as typeof target;
    },
    enable: () => contexts,
    disable() {
      current = ROOT_CONTEXT;
      return contexts;
    },
  };
  return contexts;
}
