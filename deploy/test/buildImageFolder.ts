import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '#platform/root.ts';

const run = promisify(execFile);

/** What a build leaves: the image's root folder, and how a container of it begins. */
export type ImageFolder = { folder: string; workdir: string; env: Record<string, string>; command: string[] };

type Stage = { folder: string; workdir: string; env: Record<string, string>; command: string[] };

/**
 * Does what `docker build` does with deploy/Dockerfile, in folders instead of layers and with this machine's Node: COPY, RUN,
 * ENV, ARG, WORKDIR and CMD, as far as that file uses them. `npm ci` with the development packages is not run again; this
 * repository's node_modules are the same. https://docs.docker.com/reference/dockerfile/
 */
export async function buildImageFolder(parent: string, args: Record<string, string>): Promise<ImageFolder> {
  const context = await contextFiles();
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  const text = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8').replaceAll(/^#.*$/gm, '');
  for (const line of text.split('\n').filter(Boolean)) {
    const [, instruction, rest] = /^([A-Z]+) (.*)$/.exec(line) as unknown as [string, string, string];
    if (instruction === 'FROM') {
      const name = / AS (\w+)$/.exec(rest)?.[1] ?? 'image';
      stage = { folder: join(parent, name), workdir: '/', env: {}, command: [] };
      mkdirSync(stage.folder);
      stages.set(name, stage);
      continue;
    }
    if (!stage) throw new Error(`${instruction} before FROM`);
    const workdir = join(stage.folder, stage.workdir);
    if (instruction === 'WORKDIR') {
      stage.workdir = rest;
      mkdirSync(join(stage.folder, rest), { recursive: true });
    } else if (instruction === 'ARG') {
      stage.env[rest] = args[rest] ?? '';
    } else if (instruction === 'ENV') {
      for (const pair of rest.split(' ')) {
        const [key = '', value = ''] = pair.split('=');
        stage.env[key] = value.replaceAll(/\$(\w+)/g, (_, name: string) => stage?.env[name] ?? '');
      }
    } else if (instruction === 'COPY') {
      copy(rest.split(' '), workdir, context, stages);
    } else if (instruction === 'RUN') {
      if (/^npm ci\b(?!.*--omit=dev)/.test(rest))
        symlinkSync(join(root, 'node_modules'), join(workdir, 'node_modules'));
      else await run('sh', ['-c', rest], { cwd: workdir, env: { ...process.env, NODE_ENV: '', ...stage.env } });
    } else if (instruction === 'CMD') {
      stage.command = JSON.parse(rest);
    } else if (instruction !== 'USER') {
      throw new Error(`${instruction} is not known here`);
    }
  }
  const image = stages.get('image');
  if (!image) throw new Error('The Dockerfile has no last stage without a name');
  return image;
}

function copy(words: string[], workdir: string, context: string[], stages: Map<string, Stage>): void {
  const from = words[0]?.startsWith('--from=') ? stages.get(words.shift()?.slice('--from='.length) ?? '') : undefined;
  const target = words.pop() ?? '';
  for (const source of words) {
    if (from) {
      cpSync(join(from.folder, source), join(workdir, target), { recursive: true, verbatimSymlinks: true });
      continue;
    }
    const prefix = source === '.' ? '' : `${source}/`;
    const files = context.filter((file) => file === source || file.startsWith(prefix));
    if (files.length === 0) throw new Error(`COPY ${source}: there is no such file`);
    for (const file of files) {
      const name =
        file === source ? (target.endsWith('/') ? (file.split('/').pop() ?? '') : '') : file.slice(prefix.length);
      cpSync(join(root, file), join(workdir, target === './' ? '' : target, name));
    }
  }
}

/** What would be sent to the builder; the files that git doesn't ignore are those that .dockerignore lets through. */
async function contextFiles(): Promise<string[]> {
  const options = { cwd: root, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  const { stdout: removed } = await run('git', ['ls-files', '-z', '--deleted'], options);
  const gone = new Set(removed.split('\0'));
  return stdout.split('\0').filter((file) => file && !gone.has(file));
}
