import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import type { Upstream, UpstreamOperation } from './createUpstream.ts';
import type { UpstreamEnd, UpstreamSink } from './openUpstreamSocket.ts';
import type { ResumableOperation } from './resumableOperation.ts';

const FIRST_WAIT_MS = 50;
const MAX_WAIT_MS = 1_000;

/**
 * Runs an operation upstream. When it is lost and can be resumed, it is begun again after the last event that came, for as long as
 * the subgraph's patience lasts: the sink hears of neither, and of each event once. Returns what cancels it.
 */
export function openUpstreamOperation(
  options: { upstream: Upstream; operation: UpstreamOperation; resumable: ResumableOperation | undefined },
  sink: UpstreamSink,
): () => void {
  const { upstream, operation, resumable } = options;
  const { patienceMs } = upstream;
  let cursor: string | undefined;
  let cancel = () => {};
  let timer: NodeJS.Timeout | undefined;
  let openedAt = 0;
  /** Openings since it last went well for a while. An event alone doesn't begin the count anew: the loss after each would cost nothing. */
  let attempts = 0;
  /** While what came last was an end, not an event: until when it is tried again. */
  let trouble: { until: number } | undefined;

  function open(): void {
    openedAt = Date.now();
    const resumed = cursor === undefined ? undefined : resumable?.resume(operation.variables, cursor);
    cancel = upstream.subscribe({ ...operation, ...resumed }, { next, end });
  }

  function next(event: SubgraphResponse): void {
    // How a subscription is refused that was never begun: an answer without data, and then the completion.
    if (trouble && isTemporary(event.errors) && !('data' in event)) {
      cancel();
      again({ kind: 'lost', reason: 'refused for now' });
      return;
    }
    trouble = undefined;
    cursor = resumable?.cursorOf(event) ?? cursor;
    sink.next(event);
  }

  function end(how: UpstreamEnd): void {
    if (how.kind === 'lost') again(how);
    // Nobody was there in all that time. Who had it running before hears that it is lost.
    else if (how.kind === 'unavailable' && trouble) sink.end({ kind: 'lost', reason: 'cannot be opened again' });
    else if (how.kind === 'errors' && isTemporary(how.errors) && (trouble || cursor !== undefined)) {
      again({ kind: 'lost', reason: 'refused for now' });
    } else sink.end(how);
  }

  function again(lost: UpstreamEnd): void {
    const mayResume = resumable && (cursor !== undefined || resumable.beginsAtCursor(operation.variables));
    const now = Date.now();
    const wentWell = now - openedAt > patienceMs;
    if (wentWell) attempts = 0;
    if (!trouble || wentWell) trouble = { until: now + patienceMs };
    // The first time at once: the subgraph's other replicas are there. Never so long that patience ends without another attempt.
    const wait = attempts === 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** attempts, MAX_WAIT_MS, patienceMs / 2);
    if (!mayResume || now + wait > trouble.until) {
      sink.end(lost);
      return;
    }
    attempts += 1;
    timer = setTimeout(open, wait);
  }

  open();
  return () => {
    clearTimeout(timer);
    cancel();
  };
}

type Errors = SubgraphResponse['errors'];

function isTemporary(errors: Errors): errors is NonNullable<Errors> {
  return errors?.every(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE') ?? false;
}
