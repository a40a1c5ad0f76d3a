import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Identity } from '../identity/createVerifier.ts';
import type { Connection, Expulsion } from './createConnections.ts';
import { MAX_WAITING_BYTES } from './openStream.ts';

/** A client's socket, and what is known of the client. */
export type ClientSocket = Connection & {
  identity: Identity | null;
  readonly clientAddress: string | null;
  readonly userAgent: string | undefined;
  /**
   * Sends a message that is ready; `sent` is called when it is on its way, or never will be. A client that has left too much lying
   * gets no more: its socket is closed.
   */
  send(message: string, sent: () => void): void;
  /** Whether more waits to be read than a client may leave lying. */
  readonly congested: boolean;
  close(code: number | undefined, reason: string | undefined): void;
  /** It is being closed, by whichever side: nothing that still comes counts. */
  readonly closing: boolean;
  /** The code that it was closed with from here; undefined: it wasn't. */
  readonly closedWith: number | undefined;
  /**
   * A query or mutation is under way: a client that reconnects repeats what hasn't been answered. Operations are told apart by their
   * payloads, since clients may use an id again. False: too many are, this one is not to be begun.
   */
  ask(operation: object): boolean;
  /** It is answered, or as good as: its last message is sent in this turn of the event loop. */
  settle(operation: object): void;
  /** Closes once all that was asked is answered, 10 s later at most. */
  closeWhenAnswered(code: number, reason: string): void;
  /** Closes one whose client doesn't read. */
  tooSlow(): void;
  /** A pong has come with these bytes. */
  heard(pong: Buffer): void;
};

const CUT_OFF_AFTER_MS = 1_000;
/** Queries and mutations of one socket that may be under way, or wait to be sent. */
export const MAX_UNANSWERED = 1_000;
/** Who asks on and on doesn't keep open a socket that is to be closed. */
const ANSWER_WITHIN_MS = 10_000;

/** A class, since there are thousands of them: methods are there once, closures would be on each. */
class Socket implements ClientSocket {
  identity: Identity | null = null;
  readonly clientAddress: string | null;
  readonly userAgent: string | undefined;
  closedWith: number | undefined;
  readonly #socket: WebSocket;
  readonly #onSlow: () => void;
  /** What the pong has to say that is waited for. Nobody knows it who hasn't read all that was sent before. */
  #awaited: Buffer | undefined;
  /** The payloads of the queries and mutations that aren't answered yet. */
  #asked: Set<object> | undefined;
  #leave: (() => void) | undefined;

  /** `onSlow` is called when the socket is closed since its client reads too slowly. */
  constructor(socket: WebSocket, clientAddress: string | null, userAgent: string | undefined, onSlow: () => void) {
    this.#socket = socket;
    this.clientAddress = clientAddress;
    this.userAgent = userAgent;
    this.#onSlow = onSlow;
  }

  send(message: string, sent: () => void): void {
    if (this.congested) this.tooSlow();
    if (this.closing) sent();
    else this.#socket.send(message, sent);
  }

  get closing(): boolean {
    return this.#socket.readyState !== this.#socket.OPEN;
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > MAX_WAITING_BYTES;
  }

  close(code: number | undefined, reason: string | undefined): void {
    this.closedWith ??= code;
    this.#socket.close(code, reason);
  }

  ask(operation: object): boolean {
    this.#asked ??= new Set();
    if (this.#asked.size >= MAX_UNANSWERED) return false;
    this.#asked.add(operation);
    return true;
  }

  settle(operation: object): void {
    if (this.#asked?.delete(operation) && this.#asked.size === 0 && this.#leave) setImmediate(this.#leave);
  }

  closeWhenAnswered(code: number, reason: string): void {
    this.#leave ??= () => this.close(code, reason);
    if (!this.#asked?.size) this.#leave();
    else setTimeout(this.#leave, ANSWER_WITHIN_MS).unref();
  }

  tooSlow(): void {
    if (this.closing) return;
    this.#onSlow();
    this.#cutOff(1013, 'Too slow');
  }

  beat(): void {
    if (this.#awaited) this.#socket.terminate();
    this.#awaited = randomBytes(8);
    if (!this.closing) this.#socket.ping(this.#awaited);
  }

  heard(pong: Buffer): void {
    if (this.#awaited?.equals(pong)) this.#awaited = undefined;
  }

  /** Closes a socket whose client may not read the close either. */
  #cutOff(code: number, reason: string): void {
    this.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CUT_OFF_AFTER_MS).unref();
  }

  expel(reason: Expulsion): void {
    if (reason === 'EXPIRED') this.#cutOff(4401, 'Unauthorized: EXPIRED');
    else this.#cutOff(4403, `Forbidden: ${reason}`);
  }
}

/** Takes a socket that has just been opened. */
export function createClientSocket(...args: ConstructorParameters<typeof Socket>): ClientSocket {
  return new Socket(...args);
}
