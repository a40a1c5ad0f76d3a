import { Writable } from 'node:stream';
import { type CallKeys, parseCallKeys } from '../../identity/callKeys.ts';
import { createNonces, type Nonces } from '../../identity/nonces.ts';
import { createLogger } from '../../logger.ts';
import { startTelemetry } from '../../telemetry/startTelemetry.ts';
import { createHttpServer, type HttpServerOptions } from '../createHttpServer.ts';
import { createHealth, type Health } from '../health.ts';
import { listen } from '../listen.ts';
import type { Scope } from '../scope.ts';

/** A log line, parsed. */
export type Line = Record<string, unknown> & { msg?: string; trace_id?: string };

/** An HTTP server with everything a route needs, and its log lines. Add routes in `routes`, before it listens. */
export async function startSample(
  scope: Scope,
  service: string,
  routes: (sample: Omit<Sample, 'url'>) => unknown = () => {},
  options: Partial<HttpServerOptions> = {},
): Promise<Sample> {
  const lines: Line[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  await startTelemetry({ service, scope });
  const log = createLogger({ service, level: 'trace', destination });
  const health = createHealth(scope);
  const app = createHttpServer({ service, log, health, ...options });
  const sample = { app, lines, log, health, keys: parseCallKeys(undefined, false), nonces: createNonces(), scope };
  await routes(sample);
  return { ...sample, url: await listen(app, { host: '127.0.0.1', port: 0, scope }) };
}

/** What startSample makes. */
export type Sample = {
  app: ReturnType<typeof createHttpServer>;
  lines: Line[];
  log: ReturnType<typeof createLogger>;
  health: Health;
  keys: CallKeys;
  nonces: Nonces;
  scope: Scope;
  url: string;
};
