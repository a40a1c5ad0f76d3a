import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { incompatibilities, type JsonSchema } from '#events/incompatibilities.ts';
import {
  digestOf,
  digestsInForce,
  type LedgerEntry,
  ledgerPath,
  parseLedger,
  readLedger,
  refuseEdits,
  refuseLosses,
} from './eventLedger.ts';

const run = promisify(execFile);
const folder = 'events/golden';

/** A schema under which an event is or was published: the text of its golden file, and where that is written. */
export type PublishedEvent = { type: string; text: string; from: string };

/** What is known of what was published. */
export type Published = {
  /** The golden files in the folder, and every one that git has had of them since there is a ledger. */
  events: PublishedEvent[];
  ledger: LedgerEntry[];
  /** The ledgers that git has had. */
  earlier: { ledger: LedgerEntry[]; from: string }[];
};

/**
 * Reads what is published. Without git, outside a repository or in a clone without history it is the folder and its ledger:
 * they say by themselves whether a golden file was edited by hand.
 */
export async function readPublished(root: string): Promise<Published> {
  const names = await readdir(path.join(root, folder)).catch((): string[] => []);
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(root, folder, name), 'utf8'), from: folder })),
  );
  const inGit = await readHistory(root);
  const events = [...files, ...inGit.filter(({ name }) => name !== path.basename(ledgerPath))];
  return {
    events: events.map(({ name, text, from }) => ({ type: path.basename(name, '.json'), text, from })),
    ledger: await readLedger(root),
    earlier: inGit
      .filter(({ name }) => name === path.basename(ledgerPath))
      .map(({ text, from }) => ({ ledger: parseLedger(text), from })),
  };
}

type Version = { name: string; text: string; from: string };

/** Every version that git has of the golden files and the ledger: of HEAD, and of each commit back to the first ledger. */
async function readHistory(root: string): Promise<Version[]> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: root, maxBuffer: 2 ** 24 })).stdout;
  const lines = async (...args: string[]) => (await git(...args)).split('\n').filter(Boolean);
  // `./`: from here, whether or not this folder is the repository's own.
  const paths = [`./${folder}/`, `./${ledgerPath}`];
  try {
    const [first = 'HEAD'] = (await lines('log', '--format=%H', '--diff-filter=A', '--', `./${ledgerPath}`)).reverse();
    const blobs = new Map<string, { name: string; from: string }>();
    const note = (blob: string, file: string, from: string) => {
      if (!/^0+$/.test(blob) && !blobs.has(blob)) blobs.set(blob, { name: path.basename(file), from });
    };
    for (const [commit, from] of [['HEAD', "git's HEAD"] as const, [first, `git's ${first.slice(0, 10)}`] as const]) {
      for (const line of await lines('ls-tree', commit, ...paths)) {
        const [, , blob = '', file = ''] = line.split(/\s+/);
        note(blob, file, from);
      }
    }
    // `-m`: what a merge has changed, too.
    for (const line of await lines(
      'log',
      '-m',
      '--raw',
      '--no-abbrev',
      '--format=',
      `${first}..HEAD`,
      '--',
      ...paths,
    )) {
      const [, , , blob = '', , file = ''] = line.split(/\s+/);
      note(blob, file, `git's history`);
    }
    const read = async ([blob, version]: [string, { name: string; from: string }]) => ({
      ...version,
      text: await git('cat-file', 'blob', blob),
    });
    return await Promise.all([...blobs].filter(([, { name }]) => /\.(json|txt)$/.test(name)).map(read));
  } catch {
    return [];
  }
}

/**
 * Why the events that the code declares may not replace the published ones: a line a problem. `accepted` types are passed
 * over: they were never deployed, or nothing of them is left in a stream or an event table.
 */
export function refuseChanges(
  { events, ledger, earlier }: Published,
  declared: ReadonlyMap<string, JsonSchema>,
  accepted: readonly string[] = [],
): string[] {
  const problems = new Map<string, string>();
  for (const { type, text, from } of events) {
    if (accepted.includes(type)) continue;
    const known = ledger.some((entry) => entry.type === type && entry.digest === digestOf(text));
    // An edit of a file is told below.
    if (!known && from !== folder) problems.set(`${type}: a schema of it is in no line of ${ledgerPath}`, from);
    if (known && !digestsInForce(ledger, type).has(digestOf(text))) continue;
    const next = declared.get(type);
    const changes = next ? incompatibilities(JSON.parse(text) as JsonSchema, next) : ['it is no longer declared'];
    for (const change of changes) problems.set(`${type}: ${change}`, from);
  }
  const golden = events.filter(({ from }) => from === folder).map(({ type, text }): [string, string] => [type, text]);
  return [
    ...[...problems].map(([problem, from]) => `${problem} (published in ${from})`),
    ...refuseEdits(ledger, new Map(golden), accepted),
    ...new Set(earlier.flatMap((one) => refuseLosses(ledger, one.ledger, one.from))),
  ];
}

/** What to do about refused changes. */
export const wayOut = [
  'A published version never changes: consumers of it are running, and its data is in the streams and event tables.',
  'Declare the next version beside it, publish both until no consumer names the old one, then drop the old.',
  'If a version was never deployed, or nothing of it is left: npm run generate -- --accept <type>',
  `Golden files and ${ledgerPath} are written by npm run generate alone: take back what was done to them by hand.`,
].join('\n');
