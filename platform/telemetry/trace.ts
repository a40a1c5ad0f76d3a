import { randomUUID } from 'node:crypto';
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

const tracer = () => trace.getTracer('taskgraph');

/** The W3C traceparent of the current trace: what an event row keeps and a header carries. */
export function traceparent(): string | undefined {
  return traceHeaders().traceparent;
}

/** Whether the current span goes to a collector: then spans inside it are worth their cost. */
export function isRecorded(): boolean {
  return trace.getActiveSpan()?.isRecording() === true;
}

/** The headers that carry the current trace to another service. */
export function traceHeaders(): { traceparent?: string } {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent === undefined ? {} : { traceparent: carrier.traceparent };
}

/**
 * Starts a span as the child of `parent`, and the context to run in.
 * Without an SDK nothing is recorded, but the trace id still travels: the parent's, or a random one.
 */
export function startSpan(
  name: string,
  options: { kind?: SpanKind; attributes?: Attributes; parent?: Context } = {},
): { span: Span; context: Context } {
  const parent = options.parent ?? context.active();
  let span = tracer().startSpan(
    name,
    { kind: options.kind ?? SpanKind.INTERNAL, attributes: options.attributes ?? {} },
    parent,
  );
  if (!isSpanContextValid(span.spanContext())) {
    span = trace.wrapSpanContext({
      traceId: randomHex(),
      spanId: randomHex().slice(16),
      // Sampled, so that a service further on that does export records its part.
      traceFlags: TraceFlags.SAMPLED,
    });
  }
  return { span, context: trace.setSpan(parent, span) };
}

/** 32 random digits. By UUID, since Node draws the bytes of many at once: randomBytes costs more than the rest of such a span. */
const randomHex = (): string => randomUUID().replaceAll('-', '');

/** Runs `work` in a span of the current trace; a failure marks the span and is thrown on. */
export function withSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T> | T,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  return runSpan(startSpan(name, { kind, attributes }), work);
}

/** Runs `work` in a span that continues the trace of a message (an event, a job); without one a new trace starts. */
export function withTraceparent<T>(
  parent: string | undefined,
  name: string,
  work: (span: Span) => Promise<T> | T,
  attributes: Attributes = {},
): Promise<T> {
  return runSpan(
    startSpan(name, { kind: SpanKind.CONSUMER, attributes, parent: contextOf({ traceparent: parent }) }),
    work,
  );
}

/** The context that a message's headers carry. */
export function contextOf(headers: Record<string, string | string[] | undefined>): Context {
  return propagation.extract(ROOT_CONTEXT, headers);
}

/**
 * Runs `work` in a trace that was handed on, for what comes after a wait where traces aren't followed through promises
 * (startTelemetry). A current span of the same trace stays: it is the nearer one.
 */
export function resumeTrace<T>(carried: Context | undefined, work: () => T): T {
  if (!carried) return work();
  const current = trace.getActiveSpan()?.spanContext().traceId;
  if (current !== undefined && current === trace.getSpan(carried)?.spanContext().traceId) return work();
  return context.with(carried, work);
}

/** Marks a span as failed. */
export function failSpan(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

async function runSpan<T>(started: { span: Span; context: Context }, work: (span: Span) => Promise<T> | T): Promise<T> {
  try {
    return await context.with(started.context, async () => work(started.span));
  } catch (error) {
    failSpan(started.span, error);
    throw error;
  } finally {
    started.span.end();
  }
}
