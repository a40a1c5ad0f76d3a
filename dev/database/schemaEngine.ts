import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';

let loaded = false;

/**
 * Prisma's schema engine as WebAssembly, out of @prisma/schema-engine-wasm: the same code as the binary that Prisma's CLI
 * downloads, so what it writes is what `prisma migrate` would.
 * (@prisma/migrate wraps this module too, but looks for its file in a folder of @prisma/internals where npm doesn't put it.)
 */
export async function openSchemaEngine(factory = offline): Promise<wasm.SchemaEngine> {
  if (!loaded) {
    // Where the module leaves a panic's message; without it the panic itself would go unseen.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: {
        set_message(message: string) {
          throw new Error(`Prisma's schema engine panicked: ${message}`);
        },
      },
    });
    const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const module = new WebAssembly.Module(readFileSync(script.replace(/\.js$/, '.wasm')));
    const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': imports() });
    const glue = wasm as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void };
    glue.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    loaded = true;
  }
  return wasm.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

/**
 * What the engine calls in JavaScript. It never clears the timers that it waits with (10 s for its lock); they must not keep
 * the process alive.
 */
function imports(): WebAssembly.ModuleImports {
  const entries = Object.entries(wasm as unknown as WebAssembly.ModuleImports);
  const unref = (work: () => void, ms: number) => setTimeout(work, ms).unref();
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? unref : value]),
  );
}

/** The SQL that leads from one schema.prisma (or, with null, from nothing) to another; '' if nothing has to change. */
export async function diffSchemas(from: string | null, to: string): Promise<string> {
  const engine = await openSchemaEngine();
  try {
    const { stdout, exitCode } = await engine.diff({
      from: from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [schemaFile(from)] },
      to: { tag: 'schemaDatamodel', files: [schemaFile(to)] },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    const different = 2;
    return exitCode === different ? (stdout ?? '') : '';
  } finally {
    engine.free();
  }
}

function schemaFile(content: string) {
  return { path: 'schema.prisma', content };
}

/**
 * A connection to nowhere. The engine connects when it is made and asks for the server's version, which decides what SQL
 * it may write; comparing two schemas needs nothing else.
 */
const offline: SqlMigrationAwareDriverAdapterFactory = {
  provider: 'postgres',
  adapterName: 'offline',
  connect: async () => ({ ...nowhere }),
  connectToShadowDb: refuse,
};

const nowhere: SqlDriverAdapter = {
  provider: 'postgres',
  adapterName: 'offline',
  async queryRaw({ sql }) {
    if (!sql.includes('server_version_num')) return refuse();
    return {
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, 'PostgreSQL 18.0', 180000]],
    };
  },
  executeRaw: refuse,
  executeScript: refuse,
  startTransaction: refuse,
  dispose: async () => undefined,
};

async function refuse(): Promise<never> {
  throw new Error('Schemas are compared without a database');
}
