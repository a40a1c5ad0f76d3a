import { pino } from 'pino';
import { z } from 'zod';
import { parseCallKeys } from '../identity/callKeys.ts';
import { createNonces } from '../identity/nonces.ts';
import { createHttpServer } from '../service/createHttpServer.ts';
import { createHealth } from '../service/health.ts';
import { listen } from '../service/listen.ts';
import { createScope, type Scope } from '../service/scope.ts';
import { signedRoute } from '../service/signedRoute.ts';

/** A service that stands in for another subgraph: over real HTTP, with real signatures. */
export type StandIn = {
  url: string;
  /** The questions so far, as `path {"input":…}`. */
  asked: string[];
  /** Not to be reached any more. */
  stop(): Promise<void>;
  /** Reachable again, at the same URL. */
  start(): Promise<void>;
};

/** Starts a stand-in that answers internal routes: `{ '/internal/person': ({ id }) => ({ person: … }) }`. */
export async function startStandIn(
  scope: Scope,
  service: string,
  // biome-ignore lint/suspicious/noExplicitAny: a test's routes know what they are asked
  routes: Record<string, (input: any) => unknown>,
): Promise<StandIn> {
  const asked: string[] = [];
  const calls = { keys: parseCallKeys(undefined, false), nonces: createNonces() };
  let own = createScope();
  const open = (port: number) => {
    const app = createHttpServer({ service, log: pino({ level: 'silent' }), health: createHealth() });
    for (const [path, answer] of Object.entries(routes)) {
      signedRoute(app, path, {
        ...calls,
        input: z.record(z.string(), z.unknown()),
        async handle(input) {
          asked.push(`${path} ${JSON.stringify(input)}`);
          return answer(input);
        },
      });
    }
    return listen(app, { host: '127.0.0.1', port, scope: own });
  };
  const url = await open(0);
  scope.defer(`stand-in for ${service}`, () => own.close());
  return {
    url,
    asked,
    stop: () => own.close(),
    async start() {
      own = createScope();
      await open(Number(new URL(url).port));
    },
  };
}
