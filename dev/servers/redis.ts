import { mkdirSync } from 'node:fs';
import type { Binary } from './binary.ts';
import type { Exit } from './childProcess.ts';
import { exchange } from './exchange.ts';
import { type LocalServer, localServer } from './localServer.ts';

/**
 * A Redis on the loopback interface: append-only file flushed each second, and noeviction, which BullMQ needs.
 * The returned server is not started yet.
 */
export function redisServer(options: {
  binary: Binary;
  dataDir: string;
  port: number;
  logFile: string;
  onExit?: (exit: Exit) => void;
}): LocalServer {
  const { binary, dataDir, port, logFile, onExit } = options;
  return localServer({
    name: 'redis',
    url: `redis://127.0.0.1:${port}`,
    port,
    logFile,
    onExit,
    launch() {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      const settings = {
        port,
        bind: '127.0.0.1',
        dir: dataDir,
        appendonly: 'yes',
        appendfsync: 'everysec',
        save: '',
        'maxmemory-policy': 'noeviction',
        daemonize: 'no',
        'tcp-backlog': 128,
      };
      return {
        command: binary.path,
        args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
        env: { ...process.env, ...binary.env, LC_ALL: 'C' },
        cwd: dataDir,
      };
    },
    answers: async () => (await exchange(port, 'PING\r\n', (text) => text.includes('\r\n'))).startsWith('+PONG'),
  });
}
