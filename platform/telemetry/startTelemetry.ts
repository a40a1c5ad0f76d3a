import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Logger } from 'pino';
import type { Scope } from '../service/scope.ts';
import { createCallContexts } from './createCallContexts.ts';

/**
 * Makes traces travel through this process: always the context and the W3C headers; with an OTLP endpoint also spans.
 * Call it before the first server or client is made. In a process that holds several services the first call decides.
 * Spans are made by hand in platform/ and by Prisma's own instrumentation; no module is patched.
 */
export async function startTelemetry({
  service,
  endpoint,
  carried = false,
  scope,
  log,
}: {
  service: string;
  endpoint?: string | undefined;
  /**
   * The service hands its traces on by hand (resumeTrace), so that they need not be followed through promises. With an endpoint they
   * are all the same: spans that libraries make have to find their parents.
   */
  carried?: boolean;
  scope: Scope;
  /** Told when spans cannot be exported. */
  log?: Pick<Logger, 'warn'>;
}): Promise<void> {
  context.setGlobalContextManager(
    carried && !endpoint ? createCallContexts() : new AsyncLocalStorageContextManager().enable(),
  );
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  if (endpoint && log) reportTo(log);
  // The SDK takes a good part of a second to load: only those who want spans pay for it.
  if (endpoint) await exportSpans(service, endpoint, scope);
}

async function exportSpans(service: string, endpoint: string, scope: Scope): Promise<void> {
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }, prisma] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/resources'),
      import('@prisma/instrumentation'),
    ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    // A collector that is away must not use up the time that a stop has.
    timeoutMillis: 2000,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'taskgraph' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1000, exportTimeoutMillis: 2000 })],
  });
  if (!trace.setGlobalTracerProvider(provider)) return;
  const instrumentation = new prisma.PrismaInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.enable();
  scope.defer('telemetry', async () => {
    instrumentation.disable();
    await provider.shutdown();
    trace.disable();
  });
}

/** OpenTelemetry's own complaints, a collector that is away above all, would otherwise be dropped. */
function reportTo(log: Pick<Logger, 'warn'>): void {
  const warn = (message: string, ...details: unknown[]) => log.warn({ details }, `telemetry: ${message}`);
  const ignore = () => {};
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
}
