import type { WebSocket } from 'ws';
import type { Identity } from '../identity/createVerifier.ts';
import type { Connection, Expulsion } from './createConnections.ts';
import { MAX_WAITING_BYTES } from './openStream.ts';

/** A client's socket, and what is known of the client. */
export type ClientSocket = Connection & {
  identity: Identity | null;
  readonly clientAddress: string | null;
  readonly userAgent: string | undefined;
  /** Sends a message that is ready; `sent` is called when it is on its way, or never will be. */
  send(message: string, sent: () => void): void;
  /** Whether more waits to be read than a client may leave lying. */
  readonly congested: boolean;
  close(code: number | undefined, reason: string | undefined): void;
  /** It is being closed, by whichever side: nothing that still comes counts. */
  readonly closing: boolean;
  /** The code that it was closed with from here; undefined: it wasn't. */
  readonly closedWith: number | undefined;
  /** A query or mutation is under way: a client that reconnects repeats what hasn't been answered. */
  ask(id: string): void;
  /** It is answered, or as good as: its last message is sent in this turn of the event loop. */
  settle(id: string): void;
  /** Closes once all that was asked is answered, 10 s later at most. */
  closeWhenAnswered(code: number, reason: string): void;
  /** Closes one whose client may not read the close either. */
  cutOff(code: number, reason: string): void;
  /** Somebody is there: a pong has come. */
  heard(): void;
};

const CUT_OFF_AFTER_MS = 1_000;
/** Who asks on and on doesn't keep open a socket that is to be closed. */
const ANSWER_WITHIN_MS = 10_000;

/** A class, since there are thousands of them: methods are there once, closures would be on each. */
class Socket implements ClientSocket {
  identity: Identity | null = null;
  readonly clientAddress: string | null;
  readonly userAgent: string | undefined;
  closedWith: number | undefined;
  readonly #socket: WebSocket;
  #alive = true;
  /** Ids of the queries and mutations that aren't answered yet. */
  #asked: Set<string> | undefined;
  #leave: (() => void) | undefined;

  constructor(socket: WebSocket, clientAddress: string | null, userAgent: string | undefined) {
    this.#socket = socket;
    this.clientAddress = clientAddress;
    this.userAgent = userAgent;
  }

  send(message: string, sent: () => void): void {
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

  ask(id: string): void {
    this.#asked ??= new Set();
    this.#asked.add(id);
  }

  settle(id: string): void {
    if (this.#asked?.delete(id) && this.#asked.size === 0 && this.#leave) setImmediate(this.#leave);
  }

  closeWhenAnswered(code: number, reason: string): void {
    this.#leave ??= () => this.close(code, reason);
    if (!this.#asked?.size) this.#leave();
    else setTimeout(this.#leave, ANSWER_WITHIN_MS).unref();
  }

  cutOff(code: number, reason: string): void {
    this.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CUT_OFF_AFTER_MS).unref();
  }

  beat(): void {
    if (!this.#alive) this.#socket.terminate();
    else if (!this.closing) this.#socket.ping();
    this.#alive = false;
  }

  heard(): void {
    this.#alive = true;
  }

  expel(reason: Expulsion): void {
    if (reason === 'EXPIRED') this.cutOff(4401, 'Unauthorized: EXPIRED');
    else this.cutOff(4403, `Forbidden: ${reason}`);
  }
}

/** Takes a socket that has just been opened. */
export function createClientSocket(...args: ConstructorParameters<typeof Socket>): ClientSocket {
  return new Socket(...args);
}
