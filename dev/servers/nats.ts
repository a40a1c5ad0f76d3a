import { mkdirSync } from 'node:fs';
import type { Binary } from './binary.ts';
import type { Exit } from './childProcess.ts';
import { exchange } from './exchange.ts';
import { type LocalServer, localServer } from './localServer.ts';

/** A NATS server with JetStream in files, on the loopback interface. The returned server is not started yet. */
export function natsServer(options: {
  binary: Binary;
  dataDir: string;
  port: number;
  logFile: string;
  /** Who may connect; without it, everybody. */
  login?: { user: string; pass: string };
  onExit?: (exit: Exit) => void;
}): LocalServer {
  const { binary, dataDir, port, logFile, login, onExit } = options;
  return localServer({
    name: 'nats',
    url: `nats://${login ? `${login.user}:${login.pass}@` : ''}127.0.0.1:${port}`,
    port,
    logFile,
    onExit,
    launch() {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      return {
        command: binary.path,
        args: [
          ...['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', dataDir],
          ...(login ? ['--user', login.user, '--pass', login.pass] : []),
        ],
        env: { ...process.env, ...binary.env },
        cwd: dataDir,
      };
    },
    async answers() {
      const hello = `CONNECT ${JSON.stringify({ verbose: false, ...login })}\r\nPING\r\n`;
      return (await exchange(port, hello, (text) => text.includes('PONG'))).includes('PONG');
    },
  });
}
