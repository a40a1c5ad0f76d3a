import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Watches folders for changed files; {@link FolderWatch.follow} sets which. */
export type FolderWatch = { follow(folders: Iterable<string>): void; close(): void };

/**
 * Calls `onChange` with the files that have changed, a moment after the last change, and not again before it is through.
 * Each folder is watched by itself: Node's recursive watching on Linux loses files that an editor replaces.
 */
export function watchFolders(onChange: (files: Set<string>) => Promise<void>, quietMs = 60): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working = false;
  let closed = false;

  const flush = async () => {
    if (working || closed) return;
    working = true;
    while (changed.size > 0 && !closed) {
      const files = changed;
      changed = new Set();
      await onChange(files);
    }
    working = false;
  };

  return {
    follow(folders) {
      const wanted = new Set(folders);
      for (const [folder, watcher] of watchers) {
        if (wanted.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of wanted) {
        if (watchers.has(folder) || closed) continue;
        const watcher = watch(folder, (_event, file) => {
          if (file) changed.add(join(folder, file));
          clearTimeout(timer);
          timer = setTimeout(() => void flush(), quietMs);
        });
        // A folder that goes away ends its watcher.
        watcher.on('error', () => watchers.delete(folder));
        watchers.set(folder, watcher);
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
