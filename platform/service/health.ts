import type { Scope } from './scope.ts';

/** Whether a dependency is there. Throwing counts as no. */
export type HealthCheck = () => Promise<boolean> | boolean;

/** What /readyz answers. */
export type Readiness = {
  ready: boolean;
  status: 'ok' | 'degraded' | 'unready' | 'draining';
  failing: string[];
  degraded: string[];
};

/** What a process can say about itself. */
export type Health = {
  /** From now on the process is not ready: it finishes what it has. */
  setDraining(): void;
  /** Without this there is no point in sending requests here: migrations, Postgres. */
  require(name: string, check: HealthCheck): void;
  /** Without this the process still serves, with something missing: NATS, Redis. */
  degrade(name: string, check: HealthCheck): void;
  /** The same for things that come and go: asked for them each time. */
  degradeEach(list: () => Iterable<readonly [name: string, check: HealthCheck]>): void;
  readiness(): Promise<Readiness>;
};

const checkPatienceMs = 1000;

/** The health of a process; given the scope, it drains as soon as that starts to close. */
export function createHealth(scope?: Pick<Scope, 'signal'>): Health {
  const required = new Map<string, HealthCheck>();
  const optional = new Map<string, HealthCheck>();
  const lists: (() => Iterable<readonly [string, HealthCheck]>)[] = [];
  let told = false;

  return {
    setDraining() {
      told = true;
    },
    require: (name, check) => void required.set(name, check),
    degrade: (name, check) => void optional.set(name, check),
    degradeEach: (list) => void lists.push(list),
    async readiness() {
      const draining = told || scope?.signal.aborted === true;
      const [failing, degraded] = await Promise.all([
        failed(required),
        failed([...optional, ...lists.flatMap((list) => [...list()])]),
      ]);
      const ready = !draining && failing.length === 0;
      const served = degraded.length > 0 ? 'degraded' : 'ok';
      return { ready, status: draining ? 'draining' : ready ? served : 'unready', failing, degraded };
    },
  };
}

async function failed(checks: Iterable<readonly [string, HealthCheck]>): Promise<string[]> {
  const results = await Promise.all([...checks].map(async ([name, check]) => ((await passes(check)) ? [] : [name])));
  return results.flat();
}

/** A check that hangs must not hang the probe: it has a second. */
async function passes(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, checkPatienceMs, false);
  });
  try {
    return await Promise.race([(async () => check())(), patience]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
