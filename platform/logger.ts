import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

const secretKeys = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'accesstoken',
  'refreshtoken',
  'taskgraph-signature',
]);

/** The prototype of what pino makes of an error, so that the fields of errors are looked through as well. */
const serializedError: unknown = Object.getPrototypeOf(stdSerializers.err(new Error()));
/** What ioredis hangs on its errors: the command that failed, with its arguments. That of AUTH is a password. */
const errorSecrets = new Set(['command', 'args']);
/** The login in a URL: all between `://` and the last `@` before the path. */
const userinfo = /(\w:\/\/)[^\s/?#"]*@/g;
const deepest = 12;

/**
 * JSON lines with the service's name, and with the trace id in every line that is written during a trace.
 * Values under the names of secrets are replaced, however deep they are; errors lose the command that failed; the login
 * in a URL is left out wherever a line has one, its message and the messages of errors included.
 */
export function createLogger(options: { service: string; level?: string; destination?: DestinationStream }): Logger {
  const log = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceFields,
      formatters: {
        level: (label) => ({ level: label }),
        log: (line) => redact(line) as Record<string, unknown>,
      },
      // `redact` has serialized the errors, whatever their key.
      serializers: { err: (error) => error },
      hooks: { streamWrite: (line) => (line.includes('://') ? line.replace(userinfo, '$1') : line) },
    },
    // A reader that is slow must not stop the event loop; what is not written yet is, when the process ends.
    options.destination ?? pino.destination({ fd: 1, sync: false }),
  );
  // pino does not run its formatters over the fields of a child logger. Children have their parent as prototype.
  const { child } = log;
  log.child = function (this: Logger, bindings, childOptions) {
    return child.call(this, redact(bindings) as typeof bindings, childOptions);
  } as typeof child;
  return log;
}

/** What pino writes to by itself: a SonicBoom. */
type Destination = {
  write(line: string): unknown;
  flushSync(): void;
  end(): void;
  once(event: 'close', heard: () => void): void;
};

/**
 * Resolves when all lines are written, in their order; after a second at the latest. For the default destination, right before the
 * process ends: what is logged after that is lost.
 */
export async function finishLog(log: Logger): Promise<void> {
  const stream = (log as unknown as Record<symbol, Destination>)[pino.symbols.streamSym] as Destination;
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.end();
  // It throws where it has ended.
  stream.write = () => true;
  stream.flushSync = () => {};
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
}

function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan();
  const context = span?.spanContext();
  if (!span || !context || !isSpanContextValid(context)) return {};
  // Where no spans are recorded, the id is the one that came with the trace: all services would claim the same.
  return { trace_id: context.traceId, ...(span.isRecording() && { span_id: context.spanId }) };
}

/** Copies plain objects, lists and errors; other class instances (requests) are left to their serializers. */
function redact(given: unknown, above: readonly unknown[] = []): unknown {
  const value = given instanceof Error ? stdSerializers.err(given) : given;
  if (!Array.isArray(value) && !isPlain(value)) return value;
  if (above.includes(value)) return '[circular]';
  if (above.length >= deepest) return '[too deep]';
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item) => redact(item, path));
  const isError = Object.getPrototypeOf(value) === serializedError;
  const entries = Object.entries(value).filter(([key]) => !isError || !errorSecrets.has(key));
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      secretKeys.has(key.toLowerCase()) && item != null ? '[redacted]' : redact(item, path),
    ]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || prototype === serializedError;
}
