import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '#platform/root.ts';

/** Debian's nginx lies where only root has it on the PATH. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/**
 * Starts nginx with what is in deploy/nginx, the template filled in as the image's entrypoint does it: only variables that
 * are given are replaced. Rejects when `nginx -t` refuses the file.
 */
export async function startNginx(variables: Record<string, string>): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'taskgraph-nginx-'));
  // nginx that was started as root gives its temporary files to another user.
  chmodSync(folder, 0o755);
  const read = (name: string) => readFileSync(join(root, 'deploy/nginx', name), 'utf8');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => {
    mkdirSync(join(folder, kind));
    return `${kind}_temp_path ${join(folder, kind)};\n`;
  });
  const site = read('taskgraph.conf.template').replaceAll(
    /\$\{(\w+)\}/g,
    (text, name: string) => variables[name] ?? text,
  );
  writeFileSync(join(folder, 'site.conf'), temporary.join('') + site);
  const main = read('nginx.conf')
    // The image has this user; here nginx takes the one that it was compiled with.
    .replace('user nginx;', 'daemon off;')
    .replace('/run/nginx.pid', join(folder, 'pid'))
    .replace('/etc/nginx/conf.d/*.conf', join(folder, 'site.conf'));
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, main);
  const args = ['-e', join(folder, 'error.log'), '-c', file];
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server && server.exitCode === null) {
      const ended = new Promise((resolve) => server?.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    execFileSync('nginx', [...args, '-t'], { env: { PATH }, stdio: 'pipe' });
  } catch (error) {
    await stop();
    throw new Error(`nginx refuses the configuration:\n${(error as { stderr: Buffer }).stderr}`);
  }
  server = spawn('nginx', args, { env: { PATH }, stdio: 'ignore' });
  return { stop };
}

/**
 * A name server on the loopback interface that answers every question for an IPv4 address with what `addresses` says at
 * the moment: the part that Docker's plays for nginx. https://www.rfc-editor.org/rfc/rfc1035#section-4
 */
export async function startNameServer(addresses: () => string[]): Promise<{ port: number; close(): void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    // The question: labels until an empty one, then type and class.
    const questionEnd = query.indexOf(0, 12) + 5;
    const wantsIpv4 = query.readUInt16BE(questionEnd - 4) === 1;
    const answers = (wantsIpv4 ? addresses() : []).map((one) =>
      // The name by pointer, type A, class IN, 1 s to live, 4 bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...one.split('.').map(Number)]),
    );
    const header = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, answers.length, 0, 0, 0, 0]);
    query.copy(header, 0, 0, 2);
    socket.send(Buffer.concat([header, query.subarray(12, questionEnd), ...answers]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}
