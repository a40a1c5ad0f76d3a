import { startChild } from '../childProcess.ts';
import { removeAtEnd } from '../watchdog.ts';

// For watchdog.int.spec.ts: starts a child and a temporary folder, says so, and waits to be killed.
const folder = process.argv[2] as string;
removeAtEnd(folder);
const child = await startChild({
  name: 'child',
  command: 'sh',
  args: ['-c', 'trap "" TERM INT HUP; sleep 600 & echo "grandchild $!"; wait; sleep 600'],
  env: process.env,
  cwd: '/',
  output: { onLine: (line) => console.log(`${child.pid} ${line}`) },
});
setInterval(() => {}, 1000);
