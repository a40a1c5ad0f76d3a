import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Scope } from '../../service/scope.ts';

/** A span as it was exported; ids in hex, `parentId` empty for the first of a trace. */
export type ReceivedSpan = {
  service: string;
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  kind: number;
};

/** An OTLP receiver over HTTP: collects the spans that are sent to it. */
export async function receiveSpans(scope: Scope): Promise<{ url: string; spans: ReceivedSpan[]; paths: Set<string> }> {
  const spans: ReceivedSpan[] = [];
  const paths = new Set<string>();
  const server = createServer(async (request, response) => {
    paths.add(`${request.method} ${request.url} ${request.headers['content-type']}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    spans.push(...readExport(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer('receiver', () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, paths };
}

/**
 * Reads an ExportTraceServiceRequest. The numbers are the fields of opentelemetry/proto/trace/v1/trace.proto:
 * request { resource_spans 1 }, ResourceSpans { resource 1, scope_spans 2 }, ScopeSpans { spans 2 },
 * Span { trace_id 1, span_id 2, parent_span_id 4, name 5, kind 6 }, KeyValue { key 1, value 2 }, AnyValue { string 1 }.
 */
function readExport(message: Buffer): ReceivedSpan[] {
  return all(message, 1).flatMap((resourceSpans) => {
    const attributes = all(bytes(resourceSpans, 1), 1);
    const named = attributes.find((attribute) => bytes(attribute, 1).toString() === 'service.name');
    const service = named ? bytes(bytes(named, 2), 1).toString() : '';
    return all(resourceSpans, 2).flatMap((scopeSpans) =>
      all(scopeSpans, 2).map((span) => ({
        service,
        traceId: bytes(span, 1).toString('hex'),
        spanId: bytes(span, 2).toString('hex'),
        parentId: bytes(span, 4).toString('hex'),
        name: bytes(span, 5).toString(),
        kind: fieldsOf(span).find((field) => field.number === 6)?.value ?? 0,
      })),
    );
  });
}

type Field = { number: number; value: number; bytes: Buffer };

const all = (message: Buffer, number: number): Buffer[] =>
  fieldsOf(message).flatMap((field) => (field.number === number ? [field.bytes] : []));

const bytes = (message: Buffer, number: number): Buffer => all(message, number)[0] ?? Buffer.alloc(0);

/** The fields of a protobuf message: varint (0), 64 bit (1), length-delimited (2), 32 bit (5). */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    const value = wire === 0 || wire === 2 ? varint() : 0;
    const length = wire === 2 ? value : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    fields.push({ number, value, bytes: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
