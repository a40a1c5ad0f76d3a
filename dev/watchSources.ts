import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuildFailure, formatMessages } from 'esbuild';
import { root } from '#platform/root.ts';
import { writeSupergraph } from '#schema/compose.ts';
import { buildServices } from './build.ts';
import { ensureExplorer } from './ensureExplorer.ts';
import { generateTypes } from './generateTypes.ts';
import { ensurePrismaClients } from './prismaClients.ts';
import type { Watch } from './run.ts';
import { type ServiceName, serviceNames } from './services.ts';
import { subgraphs } from './subgraphs.ts';
import { watchFolders } from './watchFolders.ts';

/** Folders whose files the services read as they start, or that types are generated from, besides the sources. */
function otherFolders(): string[] {
  const migrations = subgraphs.flatMap((name) => {
    const folder = `prisma/${name}/migrations`;
    const each = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { withFileTypes: true }) : [];
    return [folder, ...each.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)];
  });
  const fixed = ['schema', 'sdk/src/operations', 'gateway/explorer/src', ...subgraphs.map((name) => `prisma/${name}`)];
  return [...fixed, ...migrations].filter((folder) => existsSync(join(root, folder)));
}

/** The subgraphs whose schema, or whose migrations, are among the files. */
function subgraphsOf(files: string[], pattern: (name: string) => RegExp): ServiceName[] {
  return subgraphs.filter((name) => files.some((file) => pattern(name).test(file)));
}

/** Files whose change deserves an answer, though it be that there is nothing to do: sources, but not what is generated. */
const isSource = (file: string): boolean =>
  /\.(ts|tsx|graphql|prisma|sql)$/.test(file) && !/\/(generated|client)\//.test(file);

/**
 * `npm run dev`: rebuilds when a source changes and restarts the services whose bundle is another one then; that is one
 * service for its own sources, and all that use it for platform/ and events/. A changed schema is composed, its types are
 * generated, and its subgraph and the gateway start again; a changed Prisma schema has the clients generated.
 * What doesn't compile is printed, and its services go on as they are; that it compiles again is printed, too.
 */
export const watchSources: Watch = (system, print) => {
  const stopping = new AbortController();
  const stopped = () => stopping.signal.aborted;
  /** Of each service, the files that its bundle was last made of. */
  const sources = new Map<ServiceName, string[]>();
  /** What has yet to start again: kept until it has, through changes that don't compile. */
  const due = new Set<ServiceName>();
  /** What has yet to be made of the schemas, the models and the explorer's sources: kept until it could be made. */
  const unmade = { schema: false, types: false, clients: false, explorer: false };
  let broken = false;

  const watcher = watchFolders(async (paths) => {
    const files = [...paths].map((path) => relative(root, path)).filter((file) => file !== 'schema/supergraph.graphql');
    if (files.length > 0) await attempt(() => change(files));
  });

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      broken = true;
      if (!stopped()) print(await describe(error));
    }
  }

  async function change(files: string[]): Promise<void> {
    const schemas = subgraphsOf(files, (name) => new RegExp(`^schema/${name}\\.graphql$`));
    const models = subgraphsOf(files, (name) => new RegExp(`^prisma/${name}/schema\\.prisma$`));
    for (const name of schemas) due.add(name).add('gateway');
    for (const name of subgraphsOf(files, (name) => new RegExp(`^prisma/${name}/migrations/`))) due.add(name);
    unmade.schema ||= schemas.length > 0;
    unmade.types ||= schemas.length > 0 || files.some((file) => file.startsWith('sdk/src/operations/'));
    unmade.clients ||= models.length > 0;
    unmade.explorer ||= files.some((file) => file.startsWith('gateway/explorer/'));
    if (unmade.schema) await writeSupergraph();
    unmade.schema = false;
    for (const name of models) print(`models changed: npm run db:diff -- ${name} <what>`);
    if (unmade.clients) await ensurePrismaClients();
    unmade.clients = false;
    const explorer = unmade.explorer ? await ensureExplorer(stopping.signal) : 'unchanged';
    unmade.explorer = false;
    if (explorer === 'built') print('↻ explorer built');
    const unbuilt = await build();
    for (const name of serviceNames) if (!system.isRunning(name)) due.add(name);
    const restarted = [...due].filter((name) => !unbuilt.has(name));
    await Promise.all(restarted.map((name) => startAgain(name)));
    const generated = unmade.types;
    if (generated) {
      const written = await generateTypes(stopping.signal);
      unmade.types = false;
      print(`↻ types generated from the schemas: ${written.join(', ') || 'no change'}`);
    }
    if (stopped() || unbuilt.size > 0) return;
    if (broken) print('✓ builds again');
    else if (restarted.length + models.length === 0 && explorer === 'unchanged' && !generated && files.some(isSource)) {
      print('nothing to restart');
    }
    broken = false;
  }

  /** Builds each service by itself; a changed bundle is due. Prints what doesn't compile and returns whose it is. */
  async function build(): Promise<Set<ServiceName>> {
    const problems = new Map<ServiceName, string>();
    await Promise.all(
      serviceNames.map(async (name) => {
        try {
          const built = (await buildServices([name])).get(name);
          sources.set(name, built?.sources ?? []);
          if (built?.changed) due.add(name);
        } catch (error) {
          problems.set(name, await describe(error));
        }
      }),
    );
    const folders = new Set([...[...sources.values()].flat().map(dirname), ...otherFolders()]);
    watcher.follow([...folders].map((folder) => join(root, folder)));
    // What all services share is reported by each of them.
    for (const problem of new Set(problems.values())) print(problem);
    broken ||= problems.size > 0;
    return new Set(problems.keys());
  }

  async function startAgain(name: ServiceName): Promise<void> {
    if (stopped()) return;
    const start = performance.now();
    try {
      await system.stopService(name);
      if (stopped()) return;
      await system.startService(name);
      due.delete(name);
      print(`↻ ${name} restarted (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      if (!stopped()) print(`✖ ${(error as Error).message}`);
    }
  }

  void attempt(async () => {
    await change([]);
    print('Watching the sources and schemas.');
  });
  return {
    stop() {
      stopping.abort();
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
  return `✖ ${(error as Error).message ?? error}`;
}
