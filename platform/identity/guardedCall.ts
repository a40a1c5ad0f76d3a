import { SpanKind } from '@opentelemetry/api';
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  noJitterGenerator,
  retry,
  wrap,
} from 'cockatiel';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { errorCodes, isErrorCode } from '../errorCodes.ts';
import { Refusal } from '../errors.ts';
import { traceHeaders, withSpan } from '../telemetry/trace.ts';
import type { CallKeys } from './callKeys.ts';
import { signCall } from './signCall.ts';

/** Asks another service over its internal routes. */
export type GuardedClient = {
  /**
   * Posts `input` as JSON and returns the answer as `output` parses it. For questions only: an attempt may be repeated.
   * @throws Refusal what the other service refuses (its code and fields), or SERVICE_UNAVAILABLE when it can't be asked.
   */
  call<O extends z.ZodType>(path: string, input: unknown, output: O): Promise<z.output<O>>;
  close(): Promise<void>;
};

/** The other service could not be asked: the only failure that is retried and that opens the circuit. */
class Unreachable extends Error {
  override name = 'Unreachable';
}

const refusalSchema = z.object({
  errors: z.tuple([z.object({ message: z.string(), extensions: z.looseObject({ code: z.string() }) })], z.unknown()),
});

type Answer = { answer: unknown } | { refusal: Refusal };

/**
 * A client for the internal routes of one service: keep-alive connections, `timeoutMs` an attempt, one retry after a
 * short random pause, and a circuit that opens after five failures in a row. It lets one call try again after 250 ms, and
 * after each such call that fails twice as long, up to 5 s: a short absence costs little, and a long one is asked about
 * seldom.
 */
export function createGuardedClient(options: {
  url: string;
  caller: string;
  callee: string;
  keys: CallKeys;
  timeoutMs?: number;
  log?: Pick<Logger, 'warn'>;
}): GuardedClient {
  const { url, caller, callee, keys, timeoutMs = 2000, log } = options;
  const agent = new Agent({ keepAliveTimeout: 10_000, connections: 32 });
  const failures = handleType(Unreachable);
  const policy = wrap(
    retry(failures, { maxAttempts: 1, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 200 }) }),
    circuitBreaker(failures, {
      halfOpenAfter: new ExponentialBackoff({ generator: noJitterGenerator, initialDelay: 250, maxDelay: 5_000 }),
      breaker: new ConsecutiveBreaker(5),
    }),
  );

  async function attempt(path: string, body: string): Promise<Answer> {
    const target = new URL(path, url);
    try {
      const response = await request(target, {
        method: 'POST',
        dispatcher: agent,
        signal: AbortSignal.timeout(timeoutMs),
        body,
        headers: {
          'content-type': 'application/json',
          ...traceHeaders(),
          ...signCall({
            keys,
            caller,
            callee,
            path: target.pathname + target.search,
            viewer: null,
            clientAddress: null,
            body,
            mutation: false,
          }),
        },
      });
      const text = await response.body.text();
      if (response.statusCode === 200) return { answer: JSON.parse(text) };
      return { refusal: readRefusal(response.statusCode, text) };
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      throw new Unreachable(`${callee} did not answer: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }

  return {
    async call(path, input, output) {
      const body = JSON.stringify(input);
      const answer = await withSpan(
        `call ${callee}${path}`,
        { 'peer.service': callee },
        () => policy.execute(() => attempt(path, body)),
        SpanKind.CLIENT,
      ).catch((error: unknown) => {
        if (!(error instanceof Unreachable || error instanceof BrokenCircuitError)) throw error;
        log?.warn({ err: error, callee, path }, 'a guarded call failed');
        throw new Refusal('SERVICE_UNAVAILABLE', `The ${callee} service cannot be reached at the moment`);
      });
      if ('refusal' in answer) throw answer.refusal;
      return output.parse(answer.answer);
    },
    close: () => agent.close(),
  };
}

/** What the other service says it refuses. A 5xx, a refused signature or an unknown shape is not an answer to the question. */
function readRefusal(status: number, text: string): Refusal {
  const parsed = refusalSchema.safeParse(tryJson(text));
  const error = parsed.success ? parsed.data.errors[0] : undefined;
  const code = error?.extensions.code;
  if (!error || !isErrorCode(code) || errorCodes[code].status >= 500 || code === 'CALL_REFUSED') {
    throw new Unreachable(`status ${status}${code ? `, ${code}` : ''}${reasonOf(error?.extensions)}`);
  }
  return new Refusal(code, error.message, error.extensions);
}

const reasonOf = (extensions: Record<string, unknown> | undefined): string =>
  typeof extensions?.reason === 'string' ? ` (${extensions.reason})` : '';

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
