import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { goldenPath, renderGoldenEvents } from './goldenEvents.ts';
import type { Artefacts } from './writeArtefacts.ts';

/** Where it is written which schemas were ever published. */
export const ledgerPath = 'events/published.txt';

/**
 * A schema that was published under a type: the digest of its golden file. `accepted` when it replaced one that it is not
 * compatible with, on somebody's word; `withdrawn` when nothing is published under the type any more.
 */
export type LedgerEntry = { type: string; digest: string; note?: 'accepted' | 'withdrawn' };

const heading = [
  '# Every schema that was ever published under a type: the sha256 of its golden file, the last one is the one in force.',
  '# `npm run generate` appends; nothing is ever changed or taken away here, and a golden file is not edited by hand.',
];

/** The digest that a ledger has of a golden file's text. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads a ledger's text. */
export function parseLedger(text: string): LedgerEntry[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [type = '', digest = '', note] = line.split(' ');
    return { type, digest, ...(note === 'accepted' || note === 'withdrawn' ? { note } : {}) };
  });
}

/** The ledger of this repository; empty without one. */
export const readLedger = async (root: string): Promise<LedgerEntry[]> =>
  parseLedger(await readFile(path.join(root, ledgerPath), 'utf8').catch(() => ''));

/** Writes a ledger's text: by type, each in the order of its publication. */
export const renderLedger = (entries: readonly LedgerEntry[]): string =>
  [
    ...heading,
    ...entries
      .toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0))
      .map(({ type, digest, note }) => [type, digest, note].filter(Boolean).join(' ')),
    '',
  ].join('\n');

/** What a ledger has of one type, in order. */
const entriesOf = (ledger: readonly LedgerEntry[], type: string) => ledger.filter((entry) => entry.type === type);

/** The digests of a type that the one in force has to be compatible with: since the last one that was accepted. */
export function digestsInForce(ledger: readonly LedgerEntry[], type: string): Set<string> {
  const entries = entriesOf(ledger, type);
  const from = Math.max(
    0,
    entries.findLastIndex(({ note }) => note === 'accepted'),
  );
  return entries.at(-1)?.note === 'withdrawn' ? new Set() : new Set(entries.slice(from).map(({ digest }) => digest));
}

/**
 * Why golden files are not what the ledger has: a line a problem. It needs no history: whoever edits a schema and its golden
 * file by hand, in one commit, is noticed by the digest. `golden` has the text of each golden file, by type.
 */
export function refuseEdits(
  ledger: readonly LedgerEntry[],
  golden: ReadonlyMap<string, string>,
  accepted: readonly string[] = [],
): string[] {
  const types = new Set([...ledger.map(({ type }) => type), ...golden.keys()]);
  return [...types].sort().flatMap((type) => {
    const last = entriesOf(ledger, type).at(-1);
    const text = golden.get(type);
    if (accepted.includes(type)) return [];
    if (!last) return [`${type}: ${goldenPath(type)} is in no line of ${ledgerPath}`];
    if (last.note === 'withdrawn')
      return text === undefined ? [] : [`${type}: it was withdrawn; take the next version`];
    if (text === undefined) return [`${type}: ${goldenPath(type)} is gone`];
    return digestOf(text) === last.digest ? [] : [`${type}: ${goldenPath(type)} was changed by hand`];
  });
}

/** Why a ledger is not the continuation of an earlier one: lines were changed or taken away. */
export function refuseLosses(ledger: readonly LedgerEntry[], earlier: readonly LedgerEntry[], from: string): string[] {
  const inWords = ({ digest, note }: LedgerEntry) => `${digest} ${note ?? ''}`;
  const types = [...new Set(earlier.map(({ type }) => type))];
  return types.flatMap((type) => {
    const now = entriesOf(ledger, type).map(inWords);
    const kept = entriesOf(earlier, type).every((entry, index) => now[index] === inWords(entry));
    return kept ? [] : [`${type}: lines of ${ledgerPath} were changed or taken away (they are in ${from})`];
  });
}

/** The ledger after what the code declares is published. */
export function continueLedger(
  ledger: readonly LedgerEntry[],
  golden: ReadonlyMap<string, string>,
  accepted: readonly string[] = [],
): LedgerEntry[] {
  const appended: LedgerEntry[] = [];
  for (const type of new Set([...ledger.map((entry) => entry.type), ...golden.keys()])) {
    const last = entriesOf(ledger, type).at(-1);
    const text = golden.get(type);
    if (text === undefined) {
      if (last && last.note !== 'withdrawn') appended.push({ type, digest: last.digest, note: 'withdrawn' });
    } else if (last?.note === 'withdrawn' || last?.digest !== digestOf(text)) {
      appended.push({ type, digest: digestOf(text), ...(last && accepted.includes(type) ? { note: 'accepted' } : {}) });
    }
  }
  return [...ledger, ...appended];
}

/** The ledger as an artefact: what it was, continued by what the code declares. */
export async function renderEventLedger(root: string, accepted: readonly string[] = []): Promise<Artefacts> {
  const golden = new Map([...renderGoldenEvents()].map(([file, text]) => [path.basename(file, '.json'), text]));
  return new Map([[ledgerPath, renderLedger(continueLedger(await readLedger(root), golden, accepted))]]);
}
