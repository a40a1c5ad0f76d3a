import type { ServerResponse } from 'node:http';
import { Refusal } from '#platform/errors.ts';
import type { Identity } from '../identity/createVerifier.ts';
import type { Connection, Expulsion } from './createConnections.ts';
import { MAX_WAITING_BYTES } from './openStream.ts';

/** How an event stream has ended: `gone`: by the client. */
export type EventStreamEnd = 'complete' | 'gone' | 'lost' | 'slow' | 'stopped' | 'UNAUTHENTICATED';

/** An answer over server-sent events: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, distinct connections. */
export type EventStream = Connection & {
  /** Sends a response as a `next` event. */
  next(text: string): void;
  /** Responses that are not on their way yet; Infinity when their bytes are more than a client may leave lying. */
  readonly unsent: number;
  /** Ends it with a `complete` event: the client doesn't come again. */
  complete(): void;
  /** Ends it in the middle: whoever reads it takes that for a broken connection, and asks again. */
  breakOff(why: 'lost' | 'stopped'): void;
  /** Ends it for one who doesn't read. */
  cutOff(): void;
};

const DESTROY_AFTER_MS = 1_000;
const REASONS = {
  EXPIRED: 'The access token has expired.',
  REVOKED: 'The session was ended.',
} as const satisfies Record<Expulsion, string>;

/** A class, as a socket is one, and for the same reason. */
class Stream implements EventStream {
  readonly identity: Identity | null;
  readonly #response: ServerResponse;
  readonly #onEnd: (end: EventStreamEnd) => void;
  #unsent = 0;
  #end: EventStreamEnd | undefined;

  constructor(response: ServerResponse, identity: Identity | null, onEnd: (end: EventStreamEnd) => void) {
    this.identity = identity;
    this.#response = response;
    this.#onEnd = onEnd;
    response.on('close', () => this.#finish('gone'));
  }

  next(text: string): void {
    if (this.#end) return;
    this.#unsent += 1;
    this.#response.write(`event: next\ndata: ${text}\n\n`, () => {
      this.#unsent -= 1;
    });
  }

  get unsent(): number {
    return this.#response.writableLength > MAX_WAITING_BYTES ? Number.POSITIVE_INFINITY : this.#unsent;
  }

  complete(): void {
    this.#close('complete', 'event: complete\ndata:\n\n');
  }

  breakOff(why: 'lost' | 'stopped'): void {
    this.#close(why, `: ${why}, subscribe again\n\n`);
  }

  cutOff(): void {
    this.#response.destroy();
    this.#finish('slow');
  }

  beat(): void {
    if (!this.#end) this.#response.write(':\n\n');
  }

  expel(reason: Expulsion): void {
    const { message, extensions } = new Refusal('UNAUTHENTICATED', REASONS[reason], { reason });
    this.next(JSON.stringify({ errors: [{ message, extensions }] }));
    this.#close('UNAUTHENTICATED', 'event: complete\ndata:\n\n');
  }

  #close(end: EventStreamEnd, last: string): void {
    if (this.#end) return;
    this.#response.end(last);
    // Who doesn't read doesn't see the end either.
    setTimeout(() => this.#response.destroy(), DESTROY_AFTER_MS).unref();
    this.#finish(end);
  }

  #finish(end: EventStreamEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#onEnd(end);
  }
}

/** Takes a response whose head has been sent. `onEnd` is called once. */
export function createEventStream(...args: ConstructorParameters<typeof Stream>): EventStream {
  return new Stream(...args);
}
