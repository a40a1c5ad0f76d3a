import { Pool } from 'undici';
import { probe } from '#platform/service/probe.ts';
import type { Scope } from '#platform/service/scope.ts';

/** Whether a subgraph can be reached at the moment. */
export type Reach = {
  /** Takes note of a call that was answered. */
  answered(): void;
  /** Takes note of a call that wasn't. */
  failed(): void;
  /** A call that was answered within the last second is enough; else the subgraph's server is asked, half a second at most. */
  answers(): Promise<boolean>;
};

/** How long a call that was answered counts, in milliseconds. */
const KEPT_MS = 1_000;

/** Watches one subgraph for /readyz. Any answer below 500 is one: a subgraph of somebody else's need not have a /livez. */
export function createReach({ name, url, scope }: { name: string; url: string; scope: Scope }): Reach {
  const pool = new Pool(new URL(url).origin, { connections: 1 });
  scope.defer(`probes of ${name}`, () => pool.destroy());
  const ask = async () => {
    const { statusCode, body } = await pool.request({
      path: '/livez',
      method: 'GET',
      signal: AbortSignal.timeout(500),
    });
    await body.dump();
    if (statusCode >= 500) throw new Error(`${name} answered ${statusCode}`);
  };
  let asked = probe(ask);
  let answeredAt = Number.NEGATIVE_INFINITY;

  return {
    answered() {
      answeredAt = performance.now();
    },
    failed() {
      // Not a no by itself, since one operation may be slow; but what was known is not believed any more.
      answeredAt = Number.NEGATIVE_INFINITY;
      asked = probe(ask);
    },
    answers: async () => performance.now() - answeredAt < KEPT_MS || asked(),
  };
}
