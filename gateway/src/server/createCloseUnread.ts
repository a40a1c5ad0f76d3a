import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { inTrace } from '#platform/service/requestTrace.ts';

/** Bounds what is being written to a client that may not read it. Called once the answer was sent. */
export type CloseUnread = (reply: FastifyReply) => void;

/**
 * Closes the connection of a client that takes nothing of its answer for `limitMs`: the answer would be kept for as long as
 * the client likes. Who reads slowly gets it all: Node's timeout of a socket begins anew whenever a part of a write has left.
 * An answer that the kernel has taken at once, as nearly all are, costs no timer.
 */
export function createCloseUnread({ limitMs, log }: { limitMs: number; log: Logger }): CloseUnread {
  return (reply) => {
    const { raw, request } = reply;
    if (raw.writableLength === 0) return;
    const { socket } = request.raw;
    // Where another answer is written before this one, the time begins with this one.
    raw.setTimeout(limitMs, () => {
      inTrace(request, () => log.warn('a client does not read its answer, its connection is closed'));
      // The kernel, too, lets go of what it holds.
      socket.resetAndDestroy();
    });
    // Before Node's own listener, which sets the time that the connection is kept alive.
    raw.prependOnceListener('finish', () => socket.setTimeout(0));
  };
}
