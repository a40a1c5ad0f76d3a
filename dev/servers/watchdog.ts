import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A shell that reads from a pipe which only this process holds. When this process ends, in whatever way (kill -9
 * included), the pipe closes, and the shell stops the process groups that were still registered and removes the
 * temporary folders. A handler on 'exit' can't do that: it doesn't run after SIGKILL.
 */
const script = `
trap '' INT TERM HUP
groups=''
folders=''
newline='
'
while read -r verb value signal; do
  case $verb in
    add) groups="$groups $value:$signal" ;;
    drop) kept=''; for group in $groups; do case $group in "$value":*) ;; *) kept="$kept $group" ;; esac; done; groups=$kept ;;
    remove) folders="$folders$newline$value\${signal:+ $signal}" ;;
  esac
done
for group in $groups; do kill "-\${group#*:}" "-\${group%:*}" 2>/dev/null; done
tries=0
while [ "$tries" -lt 50 ]; do
  alive=''
  for group in $groups; do kill -0 "-\${group%:*}" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  tries=$((tries + 1))
  sleep 0.1
done
for group in $groups; do kill -KILL "-\${group%:*}" 2>/dev/null; done
IFS=$newline
for folder in $folders; do [ -n "$folder" ] && rm -rf "$folder"; done
`;

let shell: ChildProcess | undefined;

function send(line: string): void {
  if (!shell || shell.exitCode !== null) {
    shell = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
    shell.on('error', () => {});
    shell.stdin?.on('error', () => {});
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
  }
  shell.stdin?.write(`${line}\n`);
}

/** Has the process group of `pid` stopped with `signal` (and killed 5 s later) should this process end first. */
export function guardProcess(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  send(`add ${pid} ${signal.replace('SIG', '')}`);
}

/** Takes back {@link guardProcess}: the process has ended. */
export function releaseProcess(pid: number): void {
  send(`drop ${pid}`);
}

/** Has a temporary folder removed when this process ends, after the guarded processes are gone. */
export function removeAtEnd(folder: string): void {
  send(`remove ${folder}`);
}
