import { afterAll, afterEach } from '@jest/globals';
import { createScope, type Scope } from '../service/scope.ts';

/**
 * A scope that closes after the last test of the file (or describe block), or, with `each`, after every test.
 * Call it where hooks may be registered: at the top of the file or in describe, not inside a test or hook.
 */
export function testScope(when: 'all' | 'each' = 'all'): Scope {
  const failures: unknown[] = [];
  const log = { error: (details: unknown) => failures.push(details) };
  let scope = createScope({ log });
  const close = async () => {
    await scope.close();
    scope = createScope({ log });
    if (failures.length > 0) throw new Error(`Releasing failed: ${JSON.stringify(failures.splice(0), errorsAsText)}`);
  };
  (when === 'all' ? afterAll : afterEach)(close, 15_000);
  return {
    defer: (name, dispose) => scope.defer(name, dispose),
    get signal() {
      return scope.signal;
    },
  };
}

const errorsAsText = (_key: string, value: unknown) => (value instanceof Error ? value.stack : value);
