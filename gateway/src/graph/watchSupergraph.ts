import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Metrics } from '#platform/service/metrics.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { Graph } from './createGraph.ts';

const POLL_EACH_MS = 1_000;
/** A file is read once it has stood as it is for this long: whoever writes it in place takes a moment. */
const SETTLED_MS = 200;

/**
 * Reloads the supergraph when its file changes: written in place, replaced by a rename, or behind a symbolic link that is turned
 * to another folder, as Kubernetes does it with a ConfigMap. It is polled, since no notification tells of all of these. A file that
 * can't be run is refused with one line, and what ran before goes on.
 */
export function watchSupergraph(options: {
  path: string;
  graph: Graph;
  metrics: Metrics;
  log: Logger;
  scope: Scope;
}): void {
  const { path, graph, metrics, log, scope } = options;
  const file = resolve(path);
  const reloads = metrics.counter('gateway_supergraph_reloads_total', 'Changes of the file of the supergraph', [
    'outcome',
  ]);
  const { signal } = scope;
  // What was read at the start may have been replaced since: the first look compares the text.
  let seen: string | undefined;

  async function look(): Promise<void> {
    const now = await fingerprint(file);
    if (now === seen) return;
    await sleep(SETTLED_MS, undefined, { ref: false });
    if (signal.aborted || now !== (await fingerprint(file))) return;
    seen = now;
    try {
      const sdl = await readFile(file, 'utf8');
      if (sdl === graph.current().sdl) return;
      graph.reload(sdl);
      reloads.inc({ outcome: 'ok' });
      log.info({ subgraphs: [...graph.current().subgraphs.keys()] }, 'the supergraph is reloaded');
    } catch (error) {
      reloads.inc({ outcome: 'refused' });
      log.error({ err: error }, 'the changed supergraph cannot be run; the one before stays');
    }
  }

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      await look();
      await sleep(POLL_EACH_MS, undefined, { ref: false });
    }
  }
  void poll();
}

/** Different whenever the file is another, or was written; '' while there is none, as for a moment between two. */
async function fingerprint(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return '';
  }
}
