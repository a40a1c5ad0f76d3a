import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type BuildFailure, formatMessages } from 'esbuild';
import { root } from '#platform/root.ts';
import { CompositionError, writeSupergraph } from '#schema/compose.ts';
import { type Built, buildServices } from './build.ts';
import { ensureExplorer } from './ensureExplorer.ts';
import { ensurePrismaClients } from './prismaClients.ts';
import type { Watch } from './run.ts';
import { type ServiceName, serviceNames } from './services.ts';
import { subgraphs } from './subgraphs.ts';
import { watchFolders } from './watchFolders.ts';

/** Folders whose files the services read as they start, besides those that they are built from. */
function otherFolders(): string[] {
  const migrations = subgraphs.flatMap((name) => {
    const folder = `prisma/${name}/migrations`;
    const each = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { withFileTypes: true }) : [];
    return [folder, ...each.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)];
  });
  return ['schema', 'gateway/explorer/src', ...subgraphs.map((name) => `prisma/${name}`), ...migrations].filter(
    (folder) => existsSync(join(root, folder)),
  );
}

/** The subgraphs whose schema, or whose migrations, are among the files. */
function subgraphsOf(files: string[], pattern: (name: string) => RegExp): ServiceName[] {
  return subgraphs.filter((name) => files.some((file) => pattern(name).test(file)));
}

/**
 * `npm run dev`: rebuilds when a source changes and restarts the services whose bundle is another one then; that is one
 * service for its own sources, and all that use it for platform/ and events/. A changed schema is composed, its types are
 * generated, and its subgraph and the gateway start again; a changed Prisma schema has the clients generated.
 * What doesn't compile is printed, and the services go on as they are.
 */
export const watchSources: Watch = (system, print) => {
  let stopped = false;
  const failed = new Set<ServiceName>();
  const watcher = watchFolders(async (paths) => {
    const files = [...paths].map((path) => relative(root, path)).filter((file) => file !== 'schema/supergraph.graphql');
    if (files.length === 0) return;
    try {
      await change(files);
    } catch (error) {
      print(await describe(error));
    }
  });

  async function change(files: string[]): Promise<void> {
    const schemas = subgraphsOf(files, (name) => new RegExp(`^schema/${name}\\.graphql$`));
    const migrated = subgraphsOf(files, (name) => new RegExp(`^prisma/${name}/migrations/`));
    if (schemas.length > 0) await writeSupergraph();
    if (files.some((file) => file.endsWith('schema.prisma'))) await ensurePrismaClients();
    if (files.some((file) => file.startsWith('gateway/explorer/'))) await ensureExplorer();
    const built = await build();
    const restart = new Set<ServiceName>([
      ...schemas,
      ...migrated,
      ...(schemas.length > 0 ? ['gateway' as const] : []),
    ]);
    for (const [name, { changed }] of built)
      if (changed || failed.has(name) || !system.isRunning(name)) restart.add(name);
    await Promise.all([...restart].map((name) => startAgain(name)));
    if (schemas.length > 0) await generateTypes();
  }

  async function build(): Promise<Map<ServiceName, Built>> {
    const built = await buildServices(serviceNames);
    const sources = [...built.values()].flatMap((one) => one.sources);
    watcher.follow([...new Set([...sources.map(dirname), ...otherFolders()])].map((folder) => join(root, folder)));
    return built;
  }

  async function startAgain(name: ServiceName): Promise<void> {
    if (stopped) return;
    const start = performance.now();
    try {
      await system.stopService(name);
      if (stopped) return;
      await system.startService(name);
      failed.delete(name);
      print(`↻ ${name} restarted (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed.add(name);
      if (!stopped) print(`✖ ${(error as Error).message}`);
    }
  }

  async function generateTypes(): Promise<void> {
    await promisify(execFile)('npm', ['run', '--silent', 'generate:codegen'], { cwd: root });
    print('↻ types generated from the schema');
  }

  void build().then(
    () => print('Watching the sources and schemas.'),
    async (error) => print(await describe(error)),
  );
  return {
    stop() {
      stopped = true;
      watcher.close();
    },
  };
};

async function describe(error: unknown): Promise<string> {
  const { errors } = error as BuildFailure;
  if (Array.isArray(errors) && errors[0] && 'location' in errors[0]) {
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    return (await formatMessages(errors, { kind: 'error', color })).join('');
  }
  if (error instanceof CompositionError) return `✖ ${error.message}`;
  return `✖ ${(error as Error).message ?? error}`;
}
