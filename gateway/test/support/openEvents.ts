import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Scope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads what came
type Event = { event: string; data?: any };

/** An event stream as its bytes come, read as curl would read it. */
export type TestEvents = {
  status: number;
  headers: IncomingHttpHeaders;
  /** All that has come. */
  text: () => string;
  events: () => Event[];
  /** How the answer ended: properly, or with a connection that broke. */
  ended: () => 'end' | 'broken' | undefined;
  response: IncomingMessage;
  request: ClientRequest;
};

/** Sends a request and waits for the head of its answer. */
export async function openEvents(
  url: string,
  scope: Scope,
  { method = 'POST', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<TestEvents> {
  let text = '';
  let ended: 'end' | 'broken' | undefined;
  const asked = request(url, {
    method,
    headers: {
      accept: 'text/event-stream',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  scope.defer('event stream', () => asked.destroy());
  asked.end(typeof body === 'string' ? body : body && JSON.stringify(body));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
  asked.on('error', () => {});
  response.on('data', (chunk) => {
    text += chunk;
  });
  response.on('end', () => {
    ended = 'end';
  });
  response.on('close', () => {
    ended ??= 'broken';
  });
  response.on('error', () => {});
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    events: () => parse(text),
    ended: () => ended,
    response,
    request: asked,
  };
}

function parse(text: string): Event[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks
    .map((block) => block.split('\n').filter((line) => !line.startsWith(':')))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const field = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const data = field('data');
      return { event: field('event') ?? '', ...(data && { data: JSON.parse(data) }) };
    });
}

/** Waits for so many events. */
export async function eventsOf(stream: TestEvents, count: number): Promise<Event[]> {
  await waitFor(() => stream.events().length >= count);
  return stream.events();
}
