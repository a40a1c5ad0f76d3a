import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type SubgraphName, subgraphs } from '../subgraphs.ts';

/** The layout of a backup; another one gets another number. */
const format = 'taskgraph-backup-1';

const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const tableSchema = z.strictObject({
  schema: z.enum(['public', 'backbone']),
  name: identifier,
  columns: z.array(identifier),
  rows: z.int().nonnegative(),
  /** Relative to the backup's folder: COPY's text format, gzipped. */
  file: z.string().regex(/^[a-z]+\/[A-Za-z0-9_.]+\.copy\.gz$/),
  bytes: z.int().nonnegative(),
  sha256,
});

const databaseSchema = z.strictObject({
  /** The moment that the dump shows. */
  takenAt: z.iso.datetime(),
  postgres: z.string(),
  /** The schema that the rows fit. */
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })).min(1),
  /** Partitions of the event table: `event_2026_11`. */
  months: z.array(z.string().regex(/^event_\d{4}_(0[1-9]|1[0-2])$/)),
  tables: z.array(tableSchema),
});

const manifestSchema = z.strictObject({
  format: z.literal(format),
  /** Of the code that took it. */
  taskgraph: z.string(),
  takenAt: z.iso.datetime(),
  databases: z.partialRecord(z.enum(subgraphs), databaseSchema),
});

/** One dumped table. */
export type TableDump = z.output<typeof tableSchema>;
/** One dumped database. */
export type DatabaseDump = z.output<typeof databaseSchema>;
/** What lies in a backup. */
export type Manifest = z.output<typeof manifestSchema>;

/** The backup is not what it should be; nothing was written. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

const file = (folder: string) => join(folder, 'manifest.json');
const digest = (manifest: unknown) => createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

/** Writes the manifest, which makes the folder a backup: it comes last. */
export function writeManifest(folder: string, contents: Omit<Manifest, 'format'>): Manifest {
  const manifest = manifestSchema.parse({ format, ...contents });
  writeFileSync(file(folder), `${JSON.stringify({ manifest, sha256: digest(manifest) }, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/** Reads the manifest. Throws {@link BackupError} when it is missing, changed, or of another format. */
export function readManifest(folder: string): Manifest {
  let content: { manifest?: { format?: unknown }; sha256?: unknown };
  try {
    content = JSON.parse(readFileSync(file(folder), 'utf8'));
  } catch (error) {
    throw new BackupError(
      `${folder} is no complete backup: its manifest.json can't be read (${(error as Error).message})`,
    );
  }
  if (content.manifest?.format !== format) throw new BackupError(`${folder} is no backup of the format ${format}`);
  if (content.sha256 !== digest(content.manifest)) throw new BackupError(`${file(folder)} was changed or is damaged`);
  const result = manifestSchema.safeParse(content.manifest);
  if (!result.success)
    throw new BackupError(`${file(folder)} is not as it should be: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** Reads every file of these databases and compares it with the manifest. Throws {@link BackupError} with all that differs. */
export async function verifyFiles(folder: string, dumps: readonly DatabaseDump[]): Promise<void> {
  const problems: string[] = [];
  for (const dump of dumps.flatMap(({ tables }) => tables)) {
    const path = join(folder, dump.file);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) problems.push(`${dump.file} is missing`);
    else if (size !== dump.bytes) problems.push(`${dump.file} has ${size} bytes, not ${dump.bytes}`);
    else if ((await digestOf(path)) !== dump.sha256) problems.push(`${dump.file} was changed or is damaged`);
  }
  if (problems.length > 0) throw new BackupError(`The backup is damaged: ${problems.join('; ')}`);
}

/** The SHA-256 of a file. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The dumps of these databases. Throws {@link BackupError} when one is not in the backup. */
export function dumpsOf(manifest: Manifest, names: readonly SubgraphName[]): Map<SubgraphName, DatabaseDump> {
  return new Map(
    names.map((name) => {
      const dump = manifest.databases[name];
      if (!dump) throw new BackupError(`The backup has no database of ${name}`);
      return [name, dump];
    }),
  );
}
